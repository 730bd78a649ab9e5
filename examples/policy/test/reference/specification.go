package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	exprpb "cel.dev/expr"
	_ "cel.dev/expr/conformance/proto2" // messages that stand in the tests
	_ "cel.dev/expr/conformance/proto3"
	testpb "cel.dev/expr/conformance/test"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

// specification gives the cases that lie in a folder of the language's own tests: those that are compiled as a policy is,
// with no container and all macros, and that need no messages but the language's own.
func specification(folder string) []testCase {
	files, err := filepath.Glob(filepath.Join(folder, "*.textproto"))
	check(err)
	cases := []testCase{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		check(err)
		var file testpb.SimpleTestFile
		check(prototext.Unmarshal(text, &file))
		for _, section := range file.Section {
			for _, test := range section.Test {
				if test.DisableMacros || test.DisableCheck || test.CheckOnly || test.Container != "" || strings.Contains(test.Expr, "protobuf.Any{") {
					continue
				}
				if c, ok := caseOf(test); ok {
					c.Name = file.Name + "/" + section.Name + "/" + test.Name
					cases = append(cases, c)
				}
			}
		}
	}
	return cases
}

func caseOf(test *testpb.SimpleTest) (testCase, bool) {
	c := testCase{Source: test.Expr, Types: map[string]json.RawMessage{}, Values: map[string]json.RawMessage{}}
	for _, declared := range test.TypeEnv {
		ident := declared.GetIdent()
		if ident == nil || !plain(ident.Type) {
			return c, false
		}
		c.Types[declared.Name] = marshal(ident.Type)
	}
	for name, given := range test.Bindings {
		value := given.GetValue()
		if value == nil || value.GetObjectValue() != nil || value.GetEnumValue() != nil || value.GetTypeValue() != "" {
			return c, false
		}
		c.Values[name] = marshal(value)
	}
	return c, true
}

func plain(t *exprpb.Type) bool {
	switch t := t.TypeKind.(type) {
	case *exprpb.Type_Dyn, *exprpb.Type_Null, *exprpb.Type_Primitive:
		return true
	case *exprpb.Type_WellKnown:
		return t.WellKnown != exprpb.Type_ANY
	case *exprpb.Type_ListType_:
		return plain(t.ListType.ElemType)
	case *exprpb.Type_MapType_:
		return plain(t.MapType.KeyType) && plain(t.MapType.ValueType)
	default:
		return false
	}
}

func marshal(message proto.Message) json.RawMessage {
	text, err := protojson.Marshal(message)
	check(err)
	return text
}
