package main

import "testing"

func TestTimeIsUp(t *testing.T) {
	const tried = "fuzz: elapsed: 5m0s, execs: 1170936 (0/sec), new interesting: 134 (total: 259)\n"
	for name, test := range map[string]struct {
		out  string
		want bool
	}{
		"its own time": {tried + "--- FAIL: FuzzValues (300.15s)\n    context deadline exceeded\nFAIL\nexit status 1\n", true},
		"a crash that speaks of one": {tried + "--- FAIL: FuzzValues (31.20s)\n    --- FAIL: FuzzValues (0.01s)\n        values_test.go:9: context deadline exceeded\n" +
			"    Failing input written to testdata/fuzz/FuzzValues/0a1b\nFAIL\nexit status 1\n", false},
		"a hang": {tried + "--- FAIL: FuzzValues (42.00s)\n    fuzzing process hung or terminated unexpectedly: exit status 2\n" +
			"    Failing input written to testdata/fuzz/FuzzValues/0a1b\nFAIL\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := timeIsUp.MatchString(test.out); got != test.want {
				t.Errorf("%q is taken for the end of the time: %v", test.out, got)
			}
		})
	}
}
