// Lean plays seeds and nothing else, so that a program with a planted bug is linked quickly.
// Usage: lean DIR FROM COUNT. It prints what it found and ends with 1, or nothing and 0.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"creditsync/cmd/creditsync/simulation"
)

func main() {
	from, _ := strconv.ParseUint(os.Args[2], 10, 64)
	count, _ := strconv.Atoi(os.Args[3])
	t, err := simulation.Seeds(context.Background(), simulation.Options{Dir: os.Args[1], From: from, Count: count, Now: time.Now})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if t.Report != nil {
		fmt.Println(t.Report.Seed, t.Report.Findings[0].Check, t.Report.Findings[0].What)
		os.Exit(1)
	}
}
