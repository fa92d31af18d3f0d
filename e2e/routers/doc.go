// Package routers is the code of docs/routers.md: a file for each router that
// services use, with the lines that a user writes. Its tests run each of them,
// and hold the document to the files. It is a module of its own, so that
// neither users nor the other tests depend on its requirements.
package routers
