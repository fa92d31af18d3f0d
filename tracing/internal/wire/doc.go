// Package wire prepares spans in OTLP's form for a receiver, and reads its
// answer. It replaces the values for which an encoder or a receiver refuses a
// whole batch, so that one odd value does not cost the spans of other requests.
package wire
