{
  "targets": [
    {
      "target_name": "cgo_batched",
      "sources": ["src/addon.cc"],
      "include_dirs": [".", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_DISABLE_CPP_EXCEPTIONS"],
      "cflags_cc": ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter"],
      "libraries": ["<(module_root_dir)/build/go/libgo.a", "-lpthread"],
      "ldflags": ["-Wl,-z,nodelete"]
    }
  ]
}
