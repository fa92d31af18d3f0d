package encode

// Unquote is unquote.
var Unquote = unquote
