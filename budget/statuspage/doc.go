// Package statuspage serves a page that shows at a glance how the objectives of
// a service stand: which promise is in trouble, how bad, until when, and which
// releases are allowed.
//
//   - A [Page] is an http.Handler. It renders HTML on the server, and needs no
//     script except for live updates.
//   - A [Source] returns a [status.Reading] of all objectives. [status.Books]
//     implements it for the process itself, and [Join] joins several services.
//   - [Options] has the texts and the functions that add routes, errors and
//     planned events. They return plain records, so the page depends on no
//     signal.
//
// The page of a process:
//
//	books, err := status.Open(recorder, objectives, nil)
//	...
//	page, err := statuspage.New(books, &statuspage.Options{Title: "Shop"})
//	...
//	mux.Handle("/slo/", http.StripPrefix("/slo", page))
//
// All links are relative, so the page works under any prefix and behind any
// proxy. These paths exist below it:
//
//	/                        overview; ?by= groups it, and ?q= filters it
//	/?view=wall              the same for a screen on a wall
//	/{service}/{name}        sheet of an objective; ?target= tries another
//	/journey/{name}          a user journey
//	/help                    keys and glossary
//	/events                  live updates, as server-sent events
//	/overview.json, .txt     the overview for programs; see docs/status.md
//	/{service}/{name}.json, /journey/{name}.json
//
// Each page exists in English and Korean. "?lang=" chooses a language, and
// "?pause=1" stops updates.
//
// The page is rendered once a second for all readers of the same view, while
// somebody watches it. A reader who is slow gets the latest state, and delays
// nobody. Memory does not grow with time.
//
// Figures are rounded half up from exact counts, and never onto 0, 100 % or
// the promise: "99.996 %" of a promise of 99.99 %, ">99.99 %" close to 100.
// Without data the page shows a dash, never 0 or 100 %.
//
// The page answers GET and HEAD only, sets no cookie and has a strict
// Content-Security-Policy. It shows much about a service and has no
// authentication of its own; see [Options].Allow.
package statuspage
