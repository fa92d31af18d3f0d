package logissue_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
)

func ExampleNew() {
	tracker, err := logissue.New(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{tracker},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(handler)
	for id := range 3 {
		logger.Error("load order", "err", fmt.Errorf("order %d: %w", id, os.ErrNotExist))
	}
	for _, issue := range tracker.Summary().Issues {
		fmt.Println(issue.Count, issue.Title)
	}
	// Output: 3 order <v>: file does not exist
}

func ExampleTracker_Resolve() {
	tracker, err := logissue.New(&logissue.Options{OnChange: func(c logissue.Change) {
		fmt.Printf("%s: regressed %t\n", c.Issue.Title, c.Regressed)
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker.Add(io.ErrUnexpectedEOF, "read reply", time.Now())
	tracker.Add(io.ErrUnexpectedEOF, "read reply", time.Now())
	tracker.Resolve(tracker.Summary().Issues[0].Fingerprint) // the fix is deployed
	tracker.Add(io.ErrUnexpectedEOF, "read reply", time.Now())
	tracker.Close()
	// Output:
	// unexpected EOF: regressed false
	// unexpected EOF: regressed true
}

func ExampleFingerprint() {
	for _, id := range []int{17, 98} {
		err := fmt.Errorf("order %d: %w", id, os.ErrNotExist)
		fmt.Println(logissue.Fingerprint(err, err.Error(), ""))
	}
	// Output:
	// d7c8ad075ac1d484
	// d7c8ad075ac1d484
}

func ExampleNormalize() {
	fmt.Println(logissue.Normalize(`open /etc/app.conf: user=bob has no key "main"`))
	// Output: open <v>: user=<v> has no key <q>
}
