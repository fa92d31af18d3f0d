package slilog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

// A program counts a log that is rotated. It saves the position and the counts
// in one file, so that it can resume after a crash.
func ExampleNewFollower() {
	dir, err := os.MkdirTemp("", "slilog")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	log, state := filepath.Join(dir, "access.log"), filepath.Join(dir, "state.json")

	appendTo(log, object+"\n"+object+"\n")
	count(log, state)
	appendTo(log, object+"\n")
	if err := os.Rename(log, log+".1"); err != nil {
		fmt.Println(err)
	}
	appendTo(log, object+"\n")
	count(log, state)
	// Output:
	// access.log at 172: 2/2 (100.00%)
	// access.log at 86: 4/4 (100.00%)
}

// count follows a log until it has saved the state once.
func count(log, state string) {
	var saved struct {
		Position slilog.Position
		Counts   sli.Counts
	}
	if text, err := os.ReadFile(state); err == nil {
		if err := json.Unmarshal(text, &saved); err != nil {
			fmt.Println(err)
			return
		}
	}
	recorder, err := sli.NewRecorder(availability)
	if err != nil {
		fmt.Println(err)
		return
	}
	recorder.Add("availability", saved.Counts)
	reader, err := slilog.New(recorder, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	follower, err := slilog.NewFollower(reader, log, slilog.FormatJSON, &slilog.FollowerOptions{
		Position: saved.Position,
		Save: func(position slilog.Position) {
			saved.Position = position
			saved.Counts, _ = recorder.Counts("availability")
			text, err := json.Marshal(saved)
			if err == nil {
				// A program replaces the file by renaming a new one.
				err = os.WriteFile(state, text, 0o600)
			}
			fmt.Printf("%v: %v\n", position, saved.Counts)
			if err != nil {
				fmt.Println(err)
			}
			cancel() // a service goes on
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := follower.Run(ctx); ctx.Err() == nil {
		fmt.Println(err)
	}
}

func appendTo(path, text string) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		fmt.Println(err)
	}
}

// A job reads the complete lines of a file, and goes on later where it ended.
func ExampleResult_offset() {
	recorder, err := sli.NewRecorder(availability)
	if err != nil {
		fmt.Println(err)
		return
	}
	reader, err := slilog.New(recorder, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	file := object + "\n" + object[:40]
	first, err := reader.ReadJSON(strings.NewReader(file))
	fmt.Println(first, err)
	file += object[40:] + "\n"
	second, err := reader.ReadJSON(strings.NewReader(file[first.Offset:]))
	fmt.Println(second, err)
	// Output:
	// lines: 1, events: 1, other: 0, unreadable: 0, unfinished: 40 bytes from 86 <nil>
	// lines: 1, events: 1, other: 0, unreadable: 0 <nil>
}

// Kubernetes keeps Envoy's access log in lines of CRI. No option is needed. An
// unreadable line is shown.
func ExampleReader_ReadEnvoy() {
	recorder, err := sli.NewRecorder(availability)
	if err != nil {
		fmt.Println(err)
		return
	}
	reader, err := slilog.New(recorder, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := reader.ReadEnvoy(strings.NewReader(`2024-11-16T12:34:56.789Z stdout F [2024-11-16T12:34:56.700Z] "GET /users/17 HTTP/2" 200 - 0 154 50 45 "10.0.35.28" "curl/8" "cc21d9b0" "users" "10.0.2.1:80"
2024-11-16T12:34:57.789Z stdout F [2024-11-16T12:34:54.700Z] "GET /users/17 HTTP/2" 0 DC 0 0 3000 - "10.0.35.28" "curl/8" "cc21d9b1" "users" "10.0.2.1:80"
2024-11-16T12:34:58.789Z stderr F all workers started
`))
	fmt.Println(result, err)
	fmt.Println(recorder.Report())
	// Output:
	// lines: 3, events: 2, other: 0, unreadable: 1
	// 	line 3: the line is not in Envoy's default format: "all workers started" <nil>
	// users/availability: 1/1 (100.00%), ignored: 1 client_left
	// 0 unmatched events, 0 unrouted requests
}
