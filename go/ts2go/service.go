package ts2go

import (
	"context"
	"fmt"
)

// Schema identifies an interface file. Both ends have to have the same, unless both allow for another version.
type Schema struct {
	// The interface file's base name.
	Name string
	// SHA-256 of JSON, as 64 hex digits.
	Hash string
	// The canonical description, from which the other end says what differs.
	JSON string
	// How many methods TypeScript implements.
	Callbacks int
	// Whether to serve clients of other versions that can adapt to this one: ts2go gen --compat.
	Compat bool
}

// Method is one method of a service.
type Method struct {
	// The method's number in an entry: its place in the schema.
	Index uint16
	// Interface.method, as the interface file has it.
	Name string
	// Serve decodes the request, runs the handler and encodes the result. It is called from many goroutines.
	Serve func(ctx context.Context, c *Call) error
	// Whether the method has a stream among its parameters, or for its result.
	Streams bool
	// Whether there is a lease in its result.
	Leases bool
}

// Service is an implementation, ready to be served. Generated code makes it.
type Service struct {
	Name    string
	Schema  *Schema
	Methods []Method
}

// methodTable orders the methods of all services by number, and checks that they are one whole schema.
func methodTable(services []*Service) ([]Method, *Schema, error) {
	if len(services) == 0 {
		return nil, nil, fmt.Errorf("ts2go: nothing to serve: pass the result of a generated Serve function, as in ts2go.Main(gen.ServeDemo(demo{}))")
	}
	schema := services[0].Schema
	byIndex := map[uint16]Method{}
	for _, service := range services {
		if service.Schema.Hash != schema.Hash {
			return nil, nil, fmt.Errorf("ts2go: services %s and %s come from different interface files or from different versions of one (%s, %s): one program serves one file", services[0].Name, service.Name, schema.Name, service.Schema.Name)
		}
		for _, m := range service.Methods {
			if _, twice := byIndex[m.Index]; twice {
				return nil, nil, fmt.Errorf("ts2go: service %s is served twice", service.Name)
			}
			byIndex[m.Index] = m
		}
	}
	table := make([]Method, len(byIndex))
	for index, m := range byIndex {
		if int(index) >= len(table) {
			return nil, nil, fmt.Errorf("ts2go: %s declares more services than are served: pass every generated Serve function to ts2go.Main", schema.Name)
		}
		table[index] = m
	}
	return table, schema, nil
}
