package middleware

import (
	"slices"

	"github.com/sligo-go/sligo/internal/call"
)

// histograms are the histograms of every series of served requests.
type histograms struct {
	*call.Histograms
	requestSize, responseSize *call.Histogram // nil if the options leave them out
	byGroup                   bool            // the group is a label
}

func newHistograms(o *Options) *histograms {
	labels := labelNames
	if o.GroupLabel != "" {
		labels = append(slices.Clone(labels), o.GroupLabel)
	}
	hs := &histograms{byGroup: o.GroupLabel != "", Histograms: call.NewHistograms("http_server_request_duration_seconds",
		"Duration of HTTP server requests.", labels, o.Buckets, o.NativeHistograms)}
	if !o.OmitBodySizes {
		hs.requestSize = hs.AddSize("http_server_request_body_size_bytes", "Size of HTTP server request bodies.", o.SizeBuckets)
		hs.responseSize = hs.AddSize("http_server_response_body_size_bytes", "Size of HTTP server response bodies.", o.SizeBuckets)
	}
	return hs
}
