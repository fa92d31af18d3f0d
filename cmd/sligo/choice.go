package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// choice is the value of a flag that has one of several texts.
type choice[T ~string] struct {
	value   *T
	allowed []T
}

// choiceFlag adds a flag that has one of several texts, the first by default.
func choiceFlag[T ~string](cmd *cobra.Command, value *T, name, shorthand, kind, usage string, allowed ...T) {
	*value = allowed[0]
	c := &choice[T]{value, allowed}
	cmd.Flags().VarP(named{c, kind}, name, shorthand, usage+": "+list(allowed))
	texts := make([]cobra.Completion, len(allowed))
	for i, text := range allowed {
		texts[i] = string(text)
	}
	complete(cmd, name, cobra.FixedCompletions(texts, cobra.ShellCompDirectiveNoFileComp))
}

func (c *choice[T]) String() string { return string(*c.value) }

func (c *choice[T]) Set(text string) error {
	if !slices.Contains(c.allowed, T(text)) {
		return fmt.Errorf("want %s", list(c.allowed))
	}
	*c.value = T(text)
	return nil
}
