package canary

// The loader, for its tests.
var Load = load

// Call is the type of Load's calls.
type Call = call
