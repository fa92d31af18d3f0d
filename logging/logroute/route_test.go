package logroute_test

import (
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	slogmulti "github.com/samber/slog-multi"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logroute"
)

// initial is the default handler before any call of slog.SetDefault.
var initial = slog.Default().Handler()

func TestNewReportsEveryMistake(t *testing.T) {
	one := []logroute.Route{{Name: "a", Writer: io.Discard}}
	sink := logging.Sink{Name: "a", Writer: io.Discard}
	for _, tt := range []struct {
		name, application string
		routes            []logroute.Route
		opts              *logging.Options
		want              []string // parts of the error, none for no error
	}{
		{"valid", "my-app", one, nil, nil},
		{"a sink named main", "my-app", one, &logging.Options{Sinks: []logging.Sink{{Name: "main", Writer: io.Discard}}}, nil},
		{"no routes", "my-app", nil, nil, []string{"routes: want at least one route"}},
		{"all at once", "", []logroute.Route{
			{Name: "a"},
			{Name: "a", Writer: io.Discard, Handler: slog.DiscardHandler},
			{Writer: io.Discard, Queue: -1, Match: logging.Match{Status: []string{"x"}}},
		}, &logging.Options{Observers: []logging.Observer{nil}}, []string{
			"routes[0]: want either Writer or Handler",
			`routes[1].Name: duplicate name "a"`,
			"routes[1]: want either Writer or Handler",
			"routes[2].Name: name is empty",
			"routes[2].Match",
			"routes[2].Queue: invalid length -1: want zero or more",
			"application",
			"Observers[0]",
		}},
		{"the initial default handler", "my-app", []logroute.Route{{Name: "a", Handler: slogmulti.Fanout(slog.DiscardHandler, initial)}}, nil,
			[]string{"routes[0].Handler: ", "slog.SetDefault"}},
		{"nil pointers", "my-app", []logroute.Route{{Name: "a", Writer: (*os.File)(nil)}, {Name: "b", Handler: (*slog.TextHandler)(nil)}}, nil,
			[]string{"routes[0].Writer: value is a nil *os.File", "routes[1].Handler: value is a nil *slog.TextHandler"}},
		{"the name of a sink", "my-app", one, &logging.Options{Sinks: []logging.Sink{sink}}, []string{`routes[0].Name: duplicate name "a"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := logroute.New(tt.application, tt.routes, tt.opts)
			if err == nil {
				err = r.Close(t.Context())
			}
			if (err != nil) != (tt.want != nil) {
				t.Errorf("got %v", err)
			}
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not contain %q:\n%v", want, err)
				}
			}
		})
	}
}
