package sli

import "github.com/sligo-go/sligo/internal/fielderr"

// FieldError is one mistake in a definition. Its fields are the Path to the mistake, like
// "indicators[2].good.status[0]", and the Err, which quotes the value. Validate methods report all
// mistakes at once as pointers to it, joined as by [errors.Join]: [errors.As] finds the first, and the
// joined error's Unwrap() []error returns each.
type FieldError = fielderr.Error
