package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// Where the demo is served. If that is taken and nobody asked for it, one of the ports that follow does as well.
const (
	demoAddr  = "localhost:8080"
	demoPorts = 10
)

// listen listens at addr. Where the demo's own port is taken it takes one of those that follow.
func listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &failure{fmt.Sprintf("--addr %s is not an address", addr), "want HOST:PORT or :PORT, such as " + demoAddr, exitUsage}
	}
	listener, err := net.Listen("tcp", addr)
	for next := 1; addr == demoAddr && errors.Is(err, syscall.EADDRINUSE) && next < demoPorts; next++ {
		number, _ := net.LookupPort("tcp", port) // the port of demoAddr is a number
		listener, err = net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(number+next)))
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &failure{fmt.Sprintf("%s is taken by another program", addr), "name another port, as in --addr localhost:9000", exitFailed}
	}
	if err != nil {
		return nil, &failure{err.Error(), "want HOST:PORT or :PORT, such as " + demoAddr, exitFailed}
	}
	return listener, nil
}

// where is the line that says where the page is and who can see it.
func where(wanted string, addr net.Addr) string {
	line := "The demo is at http://" + pageHost(addr)
	if tcp := addr.(*net.TCPAddr); !tcp.IP.IsLoopback() {
		return line + " for everyone who can reach this computer. Ctrl+C ends it."
	}
	_, want, _ := net.SplitHostPort(wanted)
	_, got, _ := net.SplitHostPort(addr.String())
	if want != got && want != "0" {
		line += " (port " + want + " is taken)"
	}
	return line + ", for this computer alone. Ctrl+C ends it."
}

// pageHost is what a browser on this computer names as the host.
func pageHost(addr net.Addr) string {
	tcp := addr.(*net.TCPAddr)
	if tcp.IP.IsLoopback() || tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return tcp.String()
}

// hostsOf are the hosts that requests to a loopback address name; none for other addresses.
func hostsOf(addr net.Addr) []string {
	tcp := addr.(*net.TCPAddr)
	if !tcp.IP.IsLoopback() {
		return nil
	}
	hosts := []string{tcp.String()}
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]"} {
		hosts = append(hosts, fmt.Sprintf("%s:%d", name, tcp.Port))
		if tcp.Port == 80 {
			hosts = append(hosts, name)
		}
	}
	return hosts
}
