package middleware

import (
	"net/http"
	"strings"
)

// media is a kind of Content-Type, by the way in which a response ends. The
// exchange notes it beside the facts about the connection.
type media uint32

const (
	mediaPlain    media = 0       // the response ends when it is complete
	mediaStream   media = 1 << 28 // the client ends it
	mediaLines    media = 1 << 29 // the client ends it if it is flushed in parts
	mediaGRPC     media = 1 << 30 // a trailer has its outcome
	mediaUnparsed media = 1 << 31 // its body has its outcome
)

// streamingMedia are the media types of responses that the client ends. Lines
// are also used for finite downloads, which handlers do not flush.
var streamingMedia = map[string]media{
	"text/event-stream":         mediaStream,
	"multipart/x-mixed-replace": mediaStream,
	"application/x-ndjson":      mediaLines,
	"application/ndjson":        mediaLines,
	"application/jsonl":         mediaLines,
	"application/x-jsonl":       mediaLines,
	"application/jsonlines":     mediaLines,
	"application/x-jsonlines":   mediaLines,
	"application/json-seq":      mediaLines,
	"application/stream+json":   mediaLines,
	"application/x-json-stream": mediaLines,
}

// mediaOf returns the kind of a response by its header. It answers the most
// frequent ones first, because each response asks.
func mediaOf(header http.Header) media {
	contentType := header["Content-Type"]
	if len(contentType) == 0 {
		return mediaPlain
	}
	switch contentType[0] {
	case "application/json", "application/json; charset=utf-8", "text/html; charset=utf-8", "text/plain; charset=utf-8":
		return mediaPlain
	}
	name, _, _ := strings.Cut(contentType[0], ";")
	name = strings.ToLower(strings.TrimSpace(name))
	switch {
	case strings.HasPrefix(name, "application/grpc-web"), strings.HasPrefix(name, "application/connect+"):
		return mediaUnparsed
	case name == "application/grpc", strings.HasPrefix(name, "application/grpc+"):
		return mediaGRPC
	case strings.HasSuffix(name, "+json-seq"): // RFC 8091
		return mediaLines
	}
	return streamingMedia[name]
}

// mediaAtReturn returns the kind that was noted when the response began. If it
// did not begin, net/http sends the header that the handler has set.
func (e *exchange) mediaAtReturn() media {
	if e.status.Load() == 0 {
		return mediaOf(e.Header())
	}
	return media(e.noted.Load()) & (mediaGRPC | mediaUnparsed)
}

// SetStream marks the response on w as a stream that the client ends. A client
// that disconnects then had all that it wanted: the event has the status that
// was sent, or 200 if no response has begun. No bound applies to a stream, so
// it is not judged before its handler returns. Its duration is the time to its
// first byte.
//
// Responses of the Content-Types text/event-stream and
// multipart/x-mixed-replace are streams without SetStream, and so are lines of
// JSON, such as application/x-ndjson, that the handler flushes in parts. Use
// SetStream for long polls and other streams. gRPC has one Content-Type for
// single answers and for streams, so a server-streaming method needs it too.
//
// Call SetStream before the response begins. Like [SetRoute], it reports
// whether it found the instrument.
func SetStream(w http.ResponseWriter) bool {
	return each(w, func(e *exchange) { e.noted.add(streams) })
}
