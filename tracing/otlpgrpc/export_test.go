package otlpgrpc

// Prepare is prepare, for the tests.
var Prepare = prepare
