package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"touchstone/cli"
)

// networklessEnv has the test's own program, started again, run Touchstone's
// commands instead of the tests.
const networklessEnv = "TOUCHSTONE_WITHOUT_NETWORK"

func init() {
	if folder := os.Getenv(networklessEnv); folder != "" {
		os.Exit(workWithoutNetwork(folder))
	}
}

// workWithoutNetwork makes, searches, judges and learns in a workspace.
func workWithoutNetwork(folder string) int {
	w := filepath.Join(folder, "w.touchstone")
	for _, args := range [][]string{
		{"demo", "--out", filepath.Join(folder, "demo")},
		{"new", w},
		{"import", w, filepath.Join(folder, "shop.csv")},
		{"search", w, "lamp"},
		{"check", w},
		{"export", w, "judgments", "--format", "csv", "--out", filepath.Join(folder, "out.csv")},
	} {
		if code := cli.Run(context.Background(), args, wire(strings.NewReader(""), os.Stdout, os.Stderr)); code != 0 {
			return code
		}
	}
	return 0
}

// TestWithoutNetwork runs the program where there is no route to anywhere, not
// even to this machine: it works, and the kernel counts no attempt to send
// anything. The count is seen to work by an attempt of the shell's.
func TestWithoutNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole demo")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash:", err)
	}
	if out, err := exec.Command("unshare", "--net", "--map-root-user", "true").CombinedOutput(); err != nil {
		t.Skipf("a network of its own is not permitted here: %v %s", err, out)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "shop.csv"), []byte("id,title,price\n1,Desk lamp,49.90\n2,Floor lamp,129\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// What was sent and had no way: IPv4 and IPv6, of TCP as of UDP.
	const counts = `awk '/^Ip:/ && ++n==1 {for(i=1;i<=NF;i++) if($i=="OutNoRoutes") c=i} /^Ip:/ && n>=1 {v=$c} END {print v}' /proc/net/snmp; awk '$1=="Ip6OutNoRoutes" {print $2}' /proc/net/snmp6`
	sent := func(command string) (attempts int, output string) {
		t.Helper()
		cmd := exec.Command("unshare", "--net", "--map-root-user", bash, "-c", command+"\ncode=$?\necho COUNTS\n"+counts+"\nexit $code")
		cmd.Env = append(os.Environ(), networklessEnv+"="+folder, "HOME="+folder, "XDG_CONFIG_HOME="+folder)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		said, counted, ok := strings.Cut(out.String(), "COUNTS\n")
		if err != nil || !ok {
			t.Fatalf("%s: %v\n%s", command, err, out.String())
		}
		for _, n := range strings.Fields(counted) {
			v, err := strconv.Atoi(n)
			if err != nil {
				t.Fatalf("the kernel counts %q", counted)
			}
			attempts += v
		}
		return attempts, said
	}
	if n, _ := sent("(echo > /dev/tcp/192.0.2.1/80) 2>/dev/null; true"); n == 0 {
		t.Skip("this kernel does not count what has no route")
	}
	attempts, output := sent(os.Args[0])
	if attempts > 0 {
		t.Errorf("%d attempts to reach something:\n%s", attempts, output)
	}
	if !strings.Contains(output, "Desk lamp") {
		t.Errorf("the search found nothing:\n%s", output)
	}
}
