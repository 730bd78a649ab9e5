package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"example.test/policy/gen"
)

var adapter = types.DefaultTypeAdapter

// celOf is a value of the interface as cel has it.
func celOf(v gen.Value) (ref.Val, error) {
	switch v := v.(type) {
	case *gen.ValueNull:
		return types.NullValue, nil
	case *gen.ValueBool:
		return types.Bool(v.Value), nil
	case *gen.ValueInt:
		return types.Int(v.Value), nil
	case *gen.ValueUint:
		return types.Uint(v.Value), nil
	case *gen.ValueDouble:
		return types.Double(v.Value), nil
	case *gen.ValueString:
		return types.String(v.Value), nil
	case *gen.ValueBytes:
		return types.Bytes(v.Value), nil
	case *gen.ValueTimestamp:
		return types.Timestamp{Time: v.Value.UTC()}, nil
	case *gen.ValueDuration:
		return types.Duration{Duration: v.Value}, nil
	case *gen.ValueType:
		return nil, errors.New("a type can be a result, and not a variable")
	case *gen.ValueList:
		values := make([]ref.Val, len(v.Values))
		for i, value := range v.Values {
			var err error
			if values[i], err = celOf(value); err != nil {
				return nil, err
			}
		}
		return types.NewRefValList(adapter, values), nil
	case *gen.ValueObject:
		values := make(map[ref.Val]ref.Val, len(v.Fields))
		for name, field := range v.Fields {
			value, err := celOf(field)
			if err != nil {
				return nil, err
			}
			values[types.String(name)] = value
		}
		return types.NewRefValMap(adapter, values), nil
	case *gen.ValueMap:
		return celMap(v.Entries)
	default:
		return nil, fmt.Errorf("a %T is no value of the language", v)
	}
}

func celMap(entries []gen.Entry) (ref.Val, error) {
	values := make(map[ref.Val]ref.Val, len(entries))
	for _, entry := range entries {
		key, err := celOf(entry.Key)
		if err != nil {
			return nil, err
		}
		switch key.(type) {
		case types.Bool, types.Int, types.Uint, types.String:
		default:
			return nil, fmt.Errorf("a key of a map cannot be of the type %s", key.Type().TypeName())
		}
		if values[key], err = celOf(entry.Value); err != nil {
			return nil, err
		}
	}
	return types.NewRefValMap(adapter, values), nil
}

// valueOf is a value of cel's as the interface has it.
func valueOf(v ref.Val) (gen.Value, error) {
	switch v := v.(type) {
	case types.Null:
		return &gen.ValueNull{}, nil
	case types.Bool:
		return &gen.ValueBool{Value: bool(v)}, nil
	case types.Int:
		return &gen.ValueInt{Value: int64(v)}, nil
	case types.Uint:
		return &gen.ValueUint{Value: uint64(v)}, nil
	case types.Double:
		return &gen.ValueDouble{Value: float64(v)}, nil
	case types.String:
		return &gen.ValueString{Value: string(v)}, nil
	case types.Bytes:
		return &gen.ValueBytes{Value: v}, nil
	case types.Timestamp:
		return &gen.ValueTimestamp{Value: v.Time}, nil
	case types.Duration:
		return &gen.ValueDuration{Value: v.Duration}, nil
	case *types.Type:
		return &gen.ValueType{Name: v.TypeName()}, nil
	case traits.Lister:
		return listOf(v)
	case traits.Mapper:
		return mapOf(v)
	default:
		return nil, fmt.Errorf("the result has the type %s, which cannot leave a policy", v.Type().TypeName())
	}
}

func listOf(list traits.Lister) (gen.Value, error) {
	values := []gen.Value{}
	for each := list.Iterator(); each.HasNext() == types.True; {
		value, err := valueOf(each.Next())
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return &gen.ValueList{Values: values}, nil
}

func mapOf(m traits.Mapper) (gen.Value, error) {
	fields := map[string]gen.Value{}
	var keys []ref.Val
	for each := m.Iterator(); each.HasNext() == types.True; {
		key := each.Next()
		value, err := valueOf(m.Get(key))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
		if name, ok := key.(types.String); ok {
			fields[string(name)] = value
		}
	}
	if len(fields) == len(keys) {
		return &gen.ValueObject{Fields: fields}, nil
	}
	slices.SortFunc(keys, compareKeys)
	entries := make([]gen.Entry, len(keys))
	for i, key := range keys {
		var err error
		if entries[i].Key, err = valueOf(key); err != nil {
			return nil, err
		}
		if entries[i].Value, err = valueOf(m.Get(key)); err != nil {
			return nil, err
		}
	}
	return &gen.ValueMap{Entries: entries}, nil
}

// compareKeys orders keys of one type by their value, and of several by the names of the types.
func compareKeys(a, b ref.Val) int {
	if types := cmp.Compare(a.Type().TypeName(), b.Type().TypeName()); types != 0 {
		return types
	}
	if comparer, ok := a.(traits.Comparer); ok {
		if order, ok := comparer.Compare(b).(types.Int); ok {
			return int(order)
		}
	}
	return 0
}
