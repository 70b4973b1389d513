// Package schema_test holds releasebot.yaml against Kubernetes' own types. It is a module of its own, so that these are no dependency of the
// program.
package schema_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// A field that Kubernetes does not have, one of another type or one given twice is an error here; a cluster may let it pass and do something else.
func TestManifestsFitTheSchema(t *testing.T) {
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{apps.AddToScheme, core.AddToScheme, networking.AddToScheme, policy.AddToScheme} {
		if err := add(known); err != nil {
			t.Fatal(err)
		}
	}
	strict := serializer.NewCodecFactory(known, serializer.EnableStrict).UniversalDeserializer()
	file, err := os.Open("releasebot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	objects := 0
	for documents := yaml.NewYAMLReader(bufio.NewReader(file)); ; objects++ {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, kind, err := strict.Decode(document, nil, nil); err != nil {
			t.Errorf("%v: %v", kind, err)
		}
	}
	if objects != 4 {
		t.Errorf("%d objects, want 4", objects)
	}
}
