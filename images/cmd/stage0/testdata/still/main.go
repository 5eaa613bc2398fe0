// Command still is a system that hangs as soon as it is up.
package main

import (
	"os"
	"time"
)

func main() {
	_, _ = os.Stdout.WriteString("INIT stands still\n")
	for {
		time.Sleep(time.Hour)
	}
}
