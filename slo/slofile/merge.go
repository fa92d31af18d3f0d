package slofile

import "go.yaml.in/yaml/v4"

// pair is an entry of a mapping.
type pair struct{ key, value *yaml.Node }

const mergeTag = "!!merge"

// maxMerges bounds the merge keys within merge keys, which can form a cycle.
const maxMerges = 8

// target returns the node that an alias refers to, and other nodes as they
// are.
func target(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// pairs returns the entries of a mapping with distinct keys, in order. The
// entries of merge keys ("<<: *defaults") come last. A key of the mapping
// itself replaces a merged one, and of several merged mappings the first has
// precedence.
func (d *decoder) pairs(n *yaml.Node, path string, depth int) []pair {
	var pairs []pair
	var merged []*yaml.Node
	first := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !d.visit(n.Content[i]) {
			break
		}
		key, value := target(n.Content[i]), n.Content[i+1]
		if key.Kind != yaml.ScalarNode || isNull(key) {
			d.problems.addf(markOf(n.Content[i]), path, "invalid key: want text")
			continue
		}
		if len(key.Value) > maxValue {
			d.problems.addf(markOf(n.Content[i]), path, "a key of %d bytes: want at most %d", len(key.Value), maxValue)
			continue
		}
		if same := first[key.Value]; same != nil {
			d.addf(n.Content[i], below(path, key.Value), "duplicate key: line %d has it", same.Line)
			continue
		}
		first[key.Value] = key
		if key.Tag == mergeTag {
			merged = append(merged, value)
		} else {
			pairs = append(pairs, pair{n.Content[i], value})
		}
	}
	for _, value := range merged {
		for _, p := range d.merged(value, path, depth) {
			if key := target(p.key); first[key.Value] == nil {
				first[key.Value] = key
				pairs = append(pairs, p)
			}
		}
	}
	return pairs
}

// merged returns the entries of the value of a merge key: a mapping, or a list
// of mappings.
func (d *decoder) merged(value *yaml.Node, path string, depth int) []pair {
	mappings := []*yaml.Node{value}
	if target(value).Kind == yaml.SequenceNode {
		mappings = target(value).Content
	}
	var all []pair
	for _, m := range mappings {
		switch {
		case !d.visit(m):
			return all
		case target(m).Kind != yaml.MappingNode:
			d.addf(m, below(path, "<<"), "invalid merge: want an alias of a mapping, such as *defaults")
		case depth == maxMerges:
			d.addf(m, below(path, "<<"), "too many merge keys within merge keys: want at most %d", maxMerges)
		default:
			all = append(all, d.pairs(target(m), path, depth+1)...)
		}
	}
	return all
}
