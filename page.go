package sligo

import (
	"cmp"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// book opens the books of the objectives.
func (s *setup) book(judged []slo.Objective) {
	if err := s.Policy.Validate(); err != nil {
		s.errs.Add("Options.Policy", err)
		s.Policy = budget.Policy{}
	}
	var err error
	s.kit.traffic = newTraffic(s.kit.Instrument, judged)
	s.kit.ledger = s.Page.Ledger
	options := &status.Options{Policy: s.Policy, Ledger: s.Page.Ledger, Snapshot: s.Snapshot, Logger: s.kit.Log, Latency: s.kit.latency}
	if s.kit.books, err = status.Open(s.kit.Recorder, judged, options); err != nil {
		s.errs.Add("", err)
		s.kit.books, _ = status.Open(s.kit.Recorder, nil, options) // valid
	}
}

// page makes the status page. If its options have a mistake, the defaults hold
// for the settings that can be wrong.
func (s *setup) page() {
	o := s.Page
	o.Title = cmp.Or(o.Title, s.kit.service)
	if o.Logger == nil {
		o.Logger = s.kit.Log
	}
	var err error
	if s.kit.page, err = StatusPage(&o, s.kit); err != nil {
		s.errs.Add("", mapFields(err, func(path string) string {
			return "Options.Page." + strings.TrimPrefix(path, "Options.")
		}))
		o.Lang, o.MaxViewers, o.TraceURL = "", 0, ""
		s.kit.page, _ = StatusPage(&o, s.kit) // valid
	}
}

// StatusPage returns a page of the objectives of several kits in one process. A
// program with one kit does not need it, because each kit serves its own page
// at /slo/ on [Kit.Admin].
//
// The kits supply the Ledger, Routes, Errors, Lost and Telemetry that the
// options leave nil. They also supply the budgets, each without the events that
// the ledger of the kit's own page excludes. StatusPage reports all mistakes at
// once, as joined [*sli.FieldError] values.
//
// Mount the page with its prefix removed:
//
//	mux.Handle("/slo/", http.StripPrefix("/slo", page))
func StatusPage(options *statuspage.Options, kits ...*Kit) (*statuspage.Page, error) {
	var o statuspage.Options
	if options != nil {
		o = *options
	}
	var errs sli.FieldErrors
	var all pageKits
	var sources []statuspage.Source
	for i, k := range kits {
		if k == nil {
			errs.Addf(fmt.Sprintf("kits[%d]", i), "required")
			continue
		}
		all, sources = append(all, k), append(sources, k.books)
	}
	if o.Ledger == nil {
		o.Ledger = all.ledger
	}
	if o.Routes == nil {
		o.Routes = all.routes
	}
	if o.Errors == nil {
		o.Errors = all.errors
	}
	if o.Lost == nil {
		o.Lost = all.lost
	}
	if o.Telemetry == nil {
		o.Telemetry = all.telemetry
	}
	page, err := statuspage.New(statuspage.Join(sources...), &o)
	errs.Add("", err)
	if err := errs.Err(); err != nil {
		if page != nil {
			page.Close()
		}
		return nil, err
	}
	return page, nil
}

// closeBooks books the last events and saves the snapshot. A disk that hangs
// must not keep the service from ending.
func (k *Kit) closeBooks() {
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		k.books.Close()
	}()
	select {
	case <-saved:
	case <-time.After(min(saveTime, cmp.Or(k.timeout, saveTime)/20)):
		k.say(slog.LevelWarn, "Budgets will not survive the restart: the snapshot was not written in time")
	}
}

// saveTime is how long the end of a service waits for its snapshot.
const saveTime = time.Second
