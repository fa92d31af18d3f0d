// Package slilog turns log lines into events for an sli.Recorder, for indicators
// whose template says that the data is "the response-time field of the server's
// log".
//
// From the process's own lines, as they are logged:
//
//	events, err := slilog.New(recorder, nil)
//	handler, err := logging.New("users", os.Stdout, &logging.Options{Observers: []logging.Observer{events}})
//
// From lines that exist already, in JSON or in the combined format of Apache and
// nginx:
//
//	reader, err := slilog.New(recorder, &slilog.Fields{Routes: []string{"GET /users/{userid}"}})
//	result, err := reader.ReadCombined(file)
//
// # What is an event
//
// A line is an event when it has the fields that [Fields] names: a status and,
// if an indicator bounds durations, a duration. A line that has neither is no
// event. A line that has only one of the two, or one that cannot be read, is
// counted as unreadable: taken as an event without a duration it would count as a
// fast one.
//
//	Operation   Fields.Operation, or method and path, matched with Fields.Routes
//	Status      Fields.Status
//	Duration    Fields.Duration, in Fields.Unit
//	Canceled    status 499, nginx's for a client that went away
//
// The number of series does not depend on the lines: a Recorder has its
// indicators, and an operation that none of them asks for is counted nowhere.
package slilog
