// Package kit drives the private functions of generated packages for the tests of the generator.
package kit

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"x.example/go/image"
)

// Tester is a Codec of any type.
type Tester interface {
	Layout() Layout
	Echo(body []byte, base uint64) ([]byte, error)
	Borrow(body []byte, base uint64) error
	Fuzz(body []byte, base uint64, random *rand.Rand) error
}

// Layout is what Go's own compiler says of a struct.
type Layout struct {
	Size    uint64   `json:"size"`
	Align   uint64   `json:"align"`
	Offsets []uint64 `json:"offsets"`
}

// Codec holds the functions that were generated for a struct. Size and Check are missing where nothing is to be done.
type Codec[T any] struct {
	RootSize uint32
	// Whether an image is a Go value as it stands.
	InPlace bool
	Read    func(*image.Reader, uint32, *T)
	Check   func(*image.Reader, uint32)
	Size    func(*image.Sizer, *T)
	Write   func(*image.Writer, uint32, *T)
}

func (c Codec[T]) Layout() Layout {
	var v T
	layout := Layout{Size: uint64(unsafe.Sizeof(v)), Align: uint64(unsafe.Alignof(v)), Offsets: []uint64{}}
	t := reflect.TypeOf(v)
	for i := range t.NumField() {
		if t.Field(i).Name != "_" {
			layout.Offsets = append(layout.Offsets, uint64(t.Field(i).Offset))
		}
	}
	return layout
}

// Echo decodes an image and encodes the value again, at the same base.
func (c Codec[T]) Echo(body []byte, base uint64) ([]byte, error) {
	v, err := c.decode(aligned(body), base)
	if err != nil {
		return nil, err
	}
	return c.encode(v, func([]byte) uint64 { return base })
}

// Borrow uses a value in place, and checks that it is the same as the copy.
func (c Codec[T]) Borrow(body []byte, base uint64) error {
	if !c.InPlace {
		return nil
	}
	v, err := c.decode(aligned(body), base)
	if err != nil {
		return err
	}
	here, err := c.encode(v, address)
	if err != nil {
		return err
	}
	if err := c.check(here); err != nil {
		return fmt.Errorf("a good image was refused in place: %w", err)
	}
	again, err := c.encode(c.inPlace(here), func([]byte) uint64 { return address(here) })
	if err != nil {
		return err
	}
	if !bytes.Equal(here, again) {
		return fmt.Errorf("the value in place differs from the copy")
	}
	return nil
}

// Fuzz spoils an image at random, in place and copied: there may be errors, and nothing worse.
func (c Codec[T]) Fuzz(body []byte, base uint64, random *rand.Rand) error {
	v, err := c.decode(aligned(body), base)
	if err != nil {
		return err
	}
	for range 20 {
		here, err := c.encode(v, address)
		if err != nil {
			return err
		}
		for range 1 + random.Intn(3) {
			if len(here) == 0 {
				break
			}
			at := random.Intn(len(here))
			switch random.Intn(3) {
			case 0:
				here[at] ^= 1 << random.Intn(8)
			case 1:
				here[at] = byte(random.Int())
			default:
				if word := at &^ 7; word+8 <= len(here) {
					*(*uint64)(unsafe.Pointer(&here[word])) = address(here) + uint64(random.Intn(len(here)+64))
				}
			}
		}
		if copied, err := c.decode(here, address(here)); err == nil {
			_, _ = c.encode(copied, address)
		}
		if c.InPlace && c.check(here) == nil {
			_, _ = c.encode(c.inPlace(here), address)
			runtime.KeepAlive(here)
		}
	}
	return nil
}

// decode reads an image as a handler gets it, and then overwrites the image: what is owned has to stay as it was.
func (c Codec[T]) decode(body []byte, base uint64) (*T, error) {
	spoilt := aligned(body)
	var r image.Reader
	r.Reset(spoilt, base, c.RootSize)
	r.Own()
	v := new(T)
	c.Read(&r, 0, v)
	for i := range spoilt {
		spoilt[i] = 0xA5
	}
	return v, r.Err()
}

func (c Codec[T]) check(body []byte) error {
	var r image.Reader
	r.Reset(body, address(body), c.RootSize)
	if !r.InPlace() {
		return fmt.Errorf("an image here is not in place")
	}
	if c.Check != nil {
		c.Check(&r, 0)
	}
	return r.Err()
}

func (c Codec[T]) inPlace(body []byte) *T {
	var r image.Reader
	r.Reset(body, address(body), c.RootSize)
	return (*T)(r.Root(0))
}

func (c Codec[T]) encode(v *T, base func([]byte) uint64) ([]byte, error) {
	z := image.NewSizer(c.RootSize)
	if c.Size != nil {
		c.Size(&z, v)
	}
	n, err := z.Size()
	if err != nil {
		return nil, err
	}
	body := aligned(make([]byte, n))
	var w image.Writer
	w.Reset(body, base(body), c.RootSize)
	c.Write(&w, 0, v)
	return body, w.Err()
}

// aligned copies a body to where a region would have it: at a multiple of 8.
func aligned(body []byte) []byte {
	words := make([]uint64, len(body)/8+1)
	out := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(words)*8)[:len(body)]
	copy(out, body)
	return out
}

func address(body []byte) uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(body)))) }

// Main answers each line `package type base image` with the image that comes back, and first says all layouts.
func Main(packages map[string]map[string]Tester) {
	layouts := map[string]map[string]Layout{}
	for name, codecs := range packages {
		layouts[name] = map[string]Layout{}
		for typeName, codec := range codecs {
			layouts[name][typeName] = codec.Layout()
		}
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	_ = json.NewEncoder(out).Encode(layouts)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	random := rand.New(rand.NewSource(1))
	for in.Scan() {
		fields := strings.Split(in.Text(), " ")
		var base uint64
		_, _ = fmt.Sscan(fields[2], &base)
		body, err := base64.StdEncoding.DecodeString(fields[3])
		codec, ok := packages[fields[0]][fields[1]]
		if !ok {
			fmt.Fprintf(out, "error: no codec of %s in %s\n", fields[1], fields[0])
			continue
		}
		var echo []byte
		if err == nil {
			echo, err = codec.Echo(body, base)
		}
		if err == nil {
			err = codec.Borrow(body, base)
		}
		if err == nil {
			err = codec.Fuzz(body, base, random)
		}
		if err != nil {
			fmt.Fprintf(out, "error: %v\n", err)
			continue
		}
		fmt.Fprintln(out, base64.StdEncoding.EncodeToString(echo))
	}
}
