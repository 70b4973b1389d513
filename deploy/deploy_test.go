// Package deploy_test checks the files of this folder with the tools that they are made for, where those are installed (Debian: prometheus for
// promtool, systemd, caddy), and with rules of its own.
package deploy_test

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// tool runs a program that comes with a Debian package, and fails the test with what it says if it is not content.
func tool(t *testing.T, debianPackage, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed; it is in Debian's package %s", name, debianPackage)
	}
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, name, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAlerts(t *testing.T) {
	tool(t, "prometheus", "promtool", "check", "rules", "alerts.yaml")
	tool(t, "prometheus", "promtool", "test", "rules", "alerts_test.yaml")
}

// Each query of the dashboard is given to promtool as the query of a rule.
func TestDashboard(t *testing.T) {
	var dashboard struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "dashboard.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var rules []rule
	ids := map[int]bool{}
	for _, panel := range dashboard.Panels {
		if ids[panel.ID] || len(panel.Targets) == 0 {
			t.Errorf("panel %q has another's id, or no query", panel.Title)
		}
		ids[panel.ID] = true
		for _, target := range panel.Targets {
			rules = append(rules, rule{fmt.Sprintf("panel:%d", len(rules)), strings.ReplaceAll(target.Expr, "$__rate_interval", "5m")})
		}
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}})
	if err != nil {
		t.Fatal(err)
	}
	tool(t, "prometheus", "promtool", "check", "rules", write(t, "dashboard.yaml", string(text)))
}

// The program is not installed where this is checked, so another stands in for it.
func TestUnit(t *testing.T) {
	unit := strings.ReplaceAll(read(t, "releasebot.service"), "/usr/local/bin/releasebot", "/bin/true")
	file := write(t, "releasebot.service", unit)
	tool(t, "systemd", "systemd-analyze", "verify", file)
	tool(t, "systemd", "systemd-analyze", "security", "--offline=yes", "--threshold=20", file) // in tenths: 2.0 of 10, where 10 is unsafe
}

// The image holds nothing that a program could be linked to.
func TestProgramIsStatic(t *testing.T) {
	if testing.Short() {
		t.Skip("building takes a while")
	}
	program := filepath.Join(t.TempDir(), "releasebot")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "releasebot/cmd/releasebot")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the program wants a dynamic linker")
		}
	}
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program wants %v (%v)", libraries, err)
	}
}

// The image is built with the Go that go.mod asks for, from files that the build is given, and runs without rights or a shell.
func TestDockerfile(t *testing.T) {
	dockerfile := read(t, "Dockerfile")
	wanted := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	for _, line := range []string{
		"FROM golang:" + wanted[1] + " AS build", "FROM gcr.io/distroless/static-debian12:nonroot", "USER 65532:65532",
		`ENTRYPOINT ["/releasebot"]`, `CMD ["run"]`,
	} {
		if !slices.Contains(strings.Split(dockerfile, "\n"), line) {
			t.Errorf("no line %s", line)
		}
	}
	if !strings.Contains(dockerfile, `CMD ["/releasebot", "doctor", "--ready"]`) || !strings.Contains(dockerfile, "CGO_ENABLED=0 ") {
		t.Error("no health check, or a program that is not static")
	}
	ignored := strings.Split(read(t, "Dockerfile.dockerignore"), "\n")
	for _, copied := range regexp.MustCompile(`(?m)^COPY ([^-].*) \S+$`).FindAllStringSubmatch(dockerfile, -1) {
		for name := range strings.FieldsSeq(copied[1]) {
			if _, err := os.Stat("../" + name); err != nil || slices.Contains(ignored, name) {
				t.Errorf("COPY %s: not there, or ignored (%v)", name, err)
			}
		}
	}
	if !slices.Contains(ignored, "**/.env") {
		t.Error("secrets in .env would get into the image's layers")
	}
}

func TestProxy(t *testing.T) {
	t.Setenv("DOMAIN", "bot.example.org")
	tool(t, "caddy", "caddy", "adapt", "--validate", "--config", "Caddyfile")
}

// object is a Kubernetes manifest, or a part of one.
type object map[string]any

// at follows a path of keys; list items are named by their number.
func (o object) at(path string) any {
	var found any = map[string]any(o)
	for key := range strings.SplitSeq(path, "/") {
		switch value := found.(type) {
		case map[string]any:
			found = value[key]
		case []any:
			if key != "0" || len(value) == 0 {
				return nil
			}
			found = value[0]
		default:
			return nil
		}
	}
	return found
}

func manifests(t *testing.T) map[string]object {
	t.Helper()
	all := map[string]object{}
	documents := yaml.NewDecoder(strings.NewReader(read(t, "kubernetes/releasebot.yaml")))
	for {
		var o map[string]any
		err := documents.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := o["kind"].(string)
		all[kind] = o
	}
}

// The schema is checked in the module kubernetes; this is what ties the objects to each other and makes the pod a safe one.
func TestKubernetes(t *testing.T) {
	const container = "spec/template/spec/containers/0/"
	label := map[string]any{"app.kubernetes.io/name": "releasebot"}
	all := manifests(t)
	for _, test := range []struct {
		kind, path string
		want       any
	}{
		{"Deployment", "apiVersion", "apps/v1"},
		{"Deployment", "metadata/name", "releasebot"},
		{"Deployment", "spec/replicas", 2},
		{"Deployment", "spec/selector/matchLabels", label},
		{"Deployment", "spec/template/metadata/labels", label},
		{"Deployment", "spec/strategy/rollingUpdate/maxUnavailable", 0},
		{"Deployment", "spec/template/spec/automountServiceAccountToken", false},
		{"Deployment", "spec/template/spec/securityContext/runAsNonRoot", true},
		{"Deployment", "spec/template/spec/securityContext/seccompProfile/type", "RuntimeDefault"},
		{"Deployment", container + "name", "releasebot"},
		{"Deployment", container + "envFrom/0/secretRef/name", "releasebot"},
		{"Deployment", container + "ports/0/name", "http"},
		{"Deployment", container + "ports/0/containerPort", 8080},
		{"Deployment", container + "livenessProbe/httpGet/path", "/healthz"},
		{"Deployment", container + "readinessProbe/httpGet/path", "/readyz"},
		{"Deployment", container + "resources/limits/memory", "512Mi"},
		{"Deployment", container + "securityContext/allowPrivilegeEscalation", false},
		{"Deployment", container + "securityContext/readOnlyRootFilesystem", true},
		{"Deployment", container + "securityContext/capabilities/drop/0", "ALL"},
		{"Service", "apiVersion", "v1"},
		{"Service", "metadata/name", "releasebot"},
		{"Service", "spec/selector", label},
		{"Service", "spec/ports/0/targetPort", "http"},
		{"Ingress", "apiVersion", "networking.k8s.io/v1"},
		{"Ingress", "spec/rules/0/http/paths/0/path", "/telegram"},
		{"Ingress", "spec/rules/0/http/paths/0/backend/service/name", "releasebot"},
		{"Ingress", "spec/rules/0/http/paths/0/backend/service/port/name", "http"},
		{"PodDisruptionBudget", "apiVersion", "policy/v1"},
		{"PodDisruptionBudget", "spec/selector/matchLabels", label},
	} {
		got, _ := json.Marshal(all[test.kind].at(test.path))
		want, _ := json.Marshal(test.want)
		if !bytes.Equal(got, want) {
			t.Errorf("%s %s is %s, want %s", test.kind, test.path, got, want)
		}
	}
	if len(all) != 4 {
		t.Errorf("%d kinds of objects, want 4", len(all))
	}
}

func TestComposeServicesAreConfined(t *testing.T) {
	for file, services := range map[string][]string{
		"compose.yaml":          {"releasebot"},
		"compose.postgres.yaml": {"caddy", "postgres", "releasebot"},
	} {
		var compose struct {
			Services map[string]struct {
				Image       string
				SecurityOpt []string `yaml:"security_opt"`
				MemLimit    string   `yaml:"mem_limit"`
				Restart     string
				Volumes     []string
			}
			Volumes map[string]any
		}
		if err := yaml.Unmarshal([]byte(read(t, file)), &compose); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, name := range services {
			s := compose.Services[name]
			if s.Image == "" || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.MemLimit == "" || s.Restart == "" {
				t.Errorf("%s: %s lacks an image, no-new-privileges, a limit of memory or a restart: %+v", file, name, s)
			}
			for _, volume := range s.Volumes {
				from, _, _ := strings.Cut(volume, ":")
				if _, err := os.Stat(from); strings.HasPrefix(from, ".") && err != nil {
					t.Errorf("%s: %s: %v", file, name, err)
				}
				if _, declared := compose.Volumes[from]; !strings.HasPrefix(from, ".") && !declared {
					t.Errorf("%s: %s: there is no volume %s", file, name, from)
				}
			}
		}
	}
}

// A setting that these files misspell would silently not be set.
func TestSettingsAreKnown(t *testing.T) {
	known := regexp.MustCompile(`(?m)^(?:# )?([A-Z_]+)=`).FindAllStringSubmatch(read(t, ".env.example"), -1)
	names := []string{"DOMAIN", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"} // of the other services
	for _, name := range known {
		names = append(names, name[1])
	}
	used := regexp.MustCompile(`(?m)\b([A-Z]+(?:_[A-Z]+)+|DOMAIN)(?:=|: |\}|:\?|, value)`)
	for _, file := range []string{"Dockerfile", "compose.yaml", "compose.postgres.yaml", "releasebot.service", "kubernetes/releasebot.yaml", "Caddyfile"} {
		found := used.FindAllStringSubmatch(read(t, file), -1)
		for _, name := range found {
			if name[1] != "CGO_ENABLED" && !slices.Contains(names, name[1]) {
				t.Errorf("%s sets %s, which is no setting", file, name[1])
			}
		}
		if len(found) == 0 {
			t.Errorf("%s sets nothing", file)
		}
	}
}
