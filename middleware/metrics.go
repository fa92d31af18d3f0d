package middleware

import (
	"time"

	"github.com/sligo-go/sligo/internal/call"
)

// histograms are the histograms of every series of served requests.
type histograms struct {
	*call.Histograms
	requestSize, responseSize *call.Histogram // nil if the options leave them out
}

func newHistograms(o *Options) *histograms {
	hs := &histograms{Histograms: call.NewHistograms("http_server_request_duration_seconds",
		"Duration of HTTP server requests.", labelNames, o.Buckets, o.NativeHistograms)}
	if !o.OmitBodySizes {
		hs.requestSize = hs.AddSize("http_server_request_body_size_bytes", "Size of HTTP server request bodies.", o.SizeBuckets)
		hs.responseSize = hs.AddSize("http_server_response_body_size_bytes", "Size of HTTP server response bodies.", o.SizeBuckets)
	}
	return hs
}

// observe adds a request that has ended to the histograms of a series.
func (hs *histograms) observe(s *call.Series, shard int, d time.Duration, requestBytes, responseBytes int64) {
	hs.ObserveDuration(s, shard, d)
	if hs.requestSize != nil {
		s.Observe(hs.requestSize, shard, requestBytes)
		s.Observe(hs.responseSize, shard, responseBytes)
	}
}
