package slilog_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/sli/slilog"
)

func TestPositionRefusesOtherJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":2,"files":[]}`: "version 2: want 1",
		`{"version":1,"file":"a"}`: "unknown field",
		`{"version":1,"files":[{"path":"a","inode":{"device":1,"number":2},"modified":1,"offset":-1}]}`: "invalid offset -1",
		`{"version":1,"files":[{"path":"a","inode":{"device":1,"number":2},"modified":1,"offset":10}]}`: "does not suit its hashes",
		`{"version":1,"files":[{"path":"","inode":{"device":1,"number":2},"modified":1,"offset":0}]}`:   "path is empty",
	} {
		var p slilog.Position
		if err := json.Unmarshal([]byte(text), &p); err == nil || !strings.Contains(err.Error(), want) || !p.IsZero() {
			t.Errorf("%s: got %v, %v, want %s", text, p, err, want)
		}
	}
	text, err := json.Marshal(slilog.Position{})
	var p slilog.Position
	if err = errors.Join(err, json.Unmarshal(text, &p)); err != nil || !p.IsZero() || p.Offset() != 0 || p.String() != "beginning" {
		t.Errorf("got %v, %v, want the zero position", p, err)
	}
}

func FuzzPosition(f *testing.F) {
	f.Add(`{"version":1,"files":[{"path":"a","inode":{"device":1,"number":2},"modified":1,"offset":3,"head":"x","tail":"y"}]}`)
	path := filepath.Join(f.TempDir(), "access.log")
	if err := os.WriteFile(path, []byte(object+"\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	_, reader := newReader(f, nil)
	f.Fuzz(func(t *testing.T, text string) {
		var p slilog.Position
		if json.Unmarshal([]byte(text), &p) != nil {
			return
		}
		follower, err := slilog.NewFollower(reader, path, slilog.FormatJSON, &slilog.FollowerOptions{Position: p})
		if err != nil {
			t.Fatal(err)
		}
		defer follower.Close()
		for range 3 {
			if _, err := follower.Poll(); err != nil && follower.Result().Lines > 1 {
				t.Error(err)
			}
		}
		if n := follower.Result().Events; n > 1 {
			t.Errorf("%s: got %d events, want one at most", text, n)
		}
	})
}
