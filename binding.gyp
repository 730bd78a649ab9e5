{
  "targets": [
    {
      "target_name": "mem_ring",
      "sources": [
        "ring/native/addon.cc",
        "ring/native/copy.cc",
        "ring/native/lease.cc",
        "ring/native/doorbell.cc",
        "ring/native/futex.cc",
        "ring/native/guardian.cc",
        "ring/native/peer.cc",
        "ring/native/poll.cc",
        "ring/native/region.cc",
        "ring/native/socket.cc",
        "ring/native/waiter.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags_cc": ["-std=c++17", "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-fno-exceptions"]
    }
  ]
}
