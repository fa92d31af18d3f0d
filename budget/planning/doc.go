// Package planning has two figures of a team's plan beside its error budgets:
// the time that toil takes, and the capacity to commit to.
//
// [Toil] compares the time that toil took with its limit, and [Commitment] says
// how much of a forecast demand to buy in advance. Both are pure and exact.
package planning
