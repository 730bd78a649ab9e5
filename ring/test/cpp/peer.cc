// The C++ peer of the conformance suite: test/peers.md says what it answers.
#include <cstdio>
#include <iostream>
#include <sstream>

#include "mem_ring.hpp"

namespace {

using namespace mem_ring;
using strings = std::vector<std::string>;
using bytes = std::vector<unsigned char>;

[[noreturn]] void misuse(const std::string& what) { throw error("ERR_RING_MISUSE", what); }
[[noreturn]] void mismatch(const std::string& what) { throw error("MISMATCH", what); }

std::uint64_t number(const std::string& text) {
  if (text.empty() || text.size() > 19 || text.find_first_not_of("0123456789") != std::string::npos) {
    misuse("'" + text + "' is no number");
  }
  return std::stoull(text);
}

std::chrono::milliseconds milliseconds(const std::string& text) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(number(text)));
}

// What differs between both shapes: how an entry is written, and what entry i of a blast is.

std::uint64_t entry(const std::string& text) {
  const std::uint64_t value = number(text);
  if (value >= std::uint64_t{1} << 53) misuse(text + " is no entry: expected a number below 2^53");
  return value;
}

bytes message_bytes(const std::string& text) {
  if (text == "-") return {};
  if (text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    misuse("'" + text + "' is no message: expected hexadecimal digits in pairs, or -");
  }
  bytes out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    out.push_back(static_cast<unsigned char>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return out;
}

std::string text_of(std::uint64_t value) { return std::to_string(value); }

std::string text_of(const unsigned char* data, std::size_t size) {
  if (size == 0) return "-";
  std::string out;
  for (std::size_t i = 0; i < size; i++) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", data[i]);
    out += digits;
  }
  return out;
}
std::string text_of(const bytes& value) { return text_of(value.data(), value.size()); }

bytes blast_message(std::uint64_t i, std::uint32_t max_length) {
  bytes out(static_cast<std::size_t>(i * 37 % (std::uint64_t{max_length} + 1)));
  for (std::size_t k = 0; k < out.size(); k++) out[k] = static_cast<unsigned char>(i + k);
  return out;
}

std::string bool_text(bool value) { return value ? "true" : "false"; }

std::string pop_text(popped how, const std::string& value, const char* otherwise) {
  return how == popped::value ? value : how == popped::end ? "end" : otherwise;
}

std::string values_text(const strings& values, bool ended) {
  if (values.empty() && ended) return "end";
  std::string out = "values";
  for (const std::string& value : values) out += " " + value;
  return out;
}

// The four ends. Each answers its own requests; an empty answer: it does not know this one.

std::string answer(producer<std::uint64_t>& end, const std::string& what, const strings& of) {
  std::vector<std::uint64_t> values;
  if (what == "tryPush") return bool_text(end.try_push(entry(of.at(0))));
  if (what == "push") return end.push(entry(of.at(0))), "done";
  if (what == "pushFor") return end.push(entry(of.at(1)), milliseconds(of.at(0))) ? "done" : "timeout";
  if (what == "tryPushMany" || what == "pushMany") {
    for (const std::string& text : of) values.push_back(entry(text));
    if (what == "tryPushMany") return std::to_string(end.try_push_many(values.data(), values.size()));
    end.push_many(values.data(), values.size());
    return "done";
  }
  if (what == "blast") {
    const std::uint64_t from = number(of.at(0)), to = from + number(of.at(1));
    for (std::uint64_t i = from, portion = 0; i < to; portion = (portion + 1) % 70) {
      if (portion == 0) {
        end.push(i++);
        continue;
      }
      values.clear();
      while (values.size() < portion && i < to) values.push_back(i++);
      end.push_many(values.data(), values.size());
    }
    return "done";
  }
  return "";
}

std::string answer(consumer<std::uint64_t>& end, const std::string& what, const strings& of) {
  std::uint64_t value = 0;
  if (what == "tryPop" || what == "pop" || what == "popFor") {
    const popped how = what == "tryPop" ? end.try_pop(value)
                       : what == "pop"  ? end.pop(value)
                                        : end.pop(value, milliseconds(of.at(0)));
    return pop_text(how, text_of(value), what == "tryPop" ? "empty" : "timeout");
  }
  strings texts;
  if (what == "tryPopMany" || what == "popMany") {
    std::vector<std::uint64_t> values(static_cast<std::size_t>(number(of.at(0))));
    const std::size_t n = what == "popMany" ? end.pop_many(values.data(), values.size())
                                            : end.try_pop_many(values.data(), values.size());
    for (std::size_t i = 0; i < n; i++) texts.push_back(text_of(values[i]));
    return values_text(texts, end.ended());
  }
  if (what == "all") {
    for (const std::uint64_t& each : end) texts.push_back(text_of(each));
    return values_text(texts, false);
  }
  if (what == "expect") {
    const std::uint64_t from = number(of.at(0)), to = from + number(of.at(1));
    std::uint64_t values[64];
    for (std::uint64_t i = from, portion = 0; i < to; portion = (portion + 1) % 64) {
      std::size_t n = 0;
      if (portion == 0) {
        n = end.pop(values[0]) == popped::value ? 1 : 0;
      } else {
        n = end.pop_many(values, static_cast<std::size_t>(std::min(portion, to - i)));
      }
      if (n == 0) mismatch("the end came instead of " + std::to_string(i));
      for (std::size_t k = 0; k < n; k++, i++) {
        if (values[k] != i) mismatch(std::to_string(values[k]) + " came instead of " + std::to_string(i));
      }
    }
    return "done";
  }
  return "";
}

class messages_in {
 public:
  explicit messages_in(message_producer end) : end_(std::move(end)) {}
  message_producer& operator*() { return end_; }

  std::string answer(const std::string& what, const strings& of) {
    if (what == "tryPush") {
      const bytes value = message_bytes(of.at(0));
      return bool_text(end_.try_push(value.data(), value.size()));
    }
    if (what == "push" || what == "pushMany") {
      for (const std::string& text : of) {
        const bytes value = message_bytes(text);
        end_.push(value.data(), value.size());
      }
      return "done";
    }
    if (what == "pushFor") {
      const bytes value = message_bytes(of.at(1));
      return end_.push(value.data(), value.size(), milliseconds(of.at(0))) ? "done" : "timeout";
    }
    if (what == "tryPushMany") {
      std::size_t n = 0;
      for (; n < of.size(); n++) {
        const bytes value = message_bytes(of[n]);
        if (!end_.try_push(value.data(), value.size())) break;
      }
      return std::to_string(n);
    }
    if (what == "tryClaim") {
      const std::size_t length = static_cast<std::size_t>(number(of.at(0)));
      unsigned char* at = end_.try_claim(length);
      if (at == nullptr) return "false";
      claimed_ = at;
      length_ = length;
      return "true";
    }
    if (what == "write") {
      const bytes value = message_bytes(of.at(0));
      if (claimed_ == nullptr) misuse("write without a claim");
      if (value.size() != length_) misuse("write fills the claim: expected " + std::to_string(length_) + " bytes");
      std::copy(value.begin(), value.end(), claimed_);
      return "done";
    }
    if (what == "commit" || what == "abort") {
      claimed_ = nullptr;
      what == "commit" ? end_.commit() : end_.abort();
      return "done";
    }
    if (what == "maxLength") return std::to_string(end_.max_length());
    if (what == "blast") {
      const std::uint64_t from = number(of.at(0)), to = from + number(of.at(1));
      for (std::uint64_t i = from; i < to; i++) {
        const bytes value = blast_message(i, end_.max_length());
        if (i % 2 == 0) {
          end_.push(value.data(), value.size());
        } else {
          std::copy(value.begin(), value.end(), end_.claim(value.size()));
          end_.commit();
        }
      }
      return "done";
    }
    return "";
  }

 private:
  message_producer end_;
  unsigned char* claimed_ = nullptr;
  std::size_t length_ = 0;
};

std::string answer(message_consumer& end, const std::string& what, const strings& of) {
  bytes value;
  if (what == "tryPop" || what == "pop" || what == "popFor") {
    const popped how = what == "tryPop" ? end.try_pop(value)
                       : what == "pop"  ? end.pop(value)
                                        : end.pop(value, milliseconds(of.at(0)));
    return pop_text(how, text_of(value), what == "tryPop" ? "empty" : "timeout");
  }
  strings texts;
  if (what == "tryPopMany" || what == "popMany") {
    const std::uint64_t max = number(of.at(0));
    if (what == "popMany" && max > 0 && end.pop(value) == popped::value) texts.push_back(text_of(value));
    try {
      while (texts.size() < max && end.try_pop(value) == popped::value) texts.push_back(text_of(value));
    } catch (const error&) {
      // What came before the error is an answer; the next request meets the error again.
      if (texts.empty()) throw;
    }
    return values_text(texts, end.ended());
  }
  if (what == "all") {
    for (const message& each : end) texts.push_back(text_of(each.data, each.size));
    return values_text(texts, false);
  }
  if (what == "tryPeek") {
    message found;
    const popped how = end.try_peek(found);
    return pop_text(how, text_of(found.data, found.size), "empty");
  }
  if (what == "release") return end.release(), "done";
  if (what == "maxLength") return std::to_string(end.max_length());
  if (what == "expect") {
    const std::uint64_t from = number(of.at(0)), to = from + number(of.at(1));
    for (std::uint64_t i = from; i < to; i++) {
      popped how;
      if (i % 2 == 0) {
        how = end.pop(value);
      } else {
        message found;
        how = end.peek(found);
        if (how == popped::value) {
          value.assign(found.data, found.data + found.size);
          end.release();
        }
      }
      if (how != popped::value) mismatch("the end came instead of message " + std::to_string(i));
      if (value != blast_message(i, end.max_length())) {
        mismatch("'" + text_of(value) + "' came instead of message " + std::to_string(i));
      }
    }
    return "done";
  }
  return "";
}

std::string answer(messages_in& end, const std::string& what, const strings& of) { return end.answer(what, of); }

template <class End>
End& bare(End& end) {
  return end;
}
message_producer& bare(messages_in& end) { return *end; }

template <class End>
std::string any_answer(End& end, const std::string& what, const strings& of) {
  if (what == "close") return bare(end).close(), "done";
  if (what == "length") return std::to_string(bare(end).length());
  if (what == "capacity") return std::to_string(bare(end).capacity());
  const std::string out = answer(end, what, of);
  if (out.empty()) misuse("this end does not know '" + what + "'");
  return out;
}

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

template <class End>
int serve(End end) {
  say("ready");
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    strings of;
    for (std::string each; words >> each;) of.push_back(each);
    try {
      say(any_answer(end, what, of));
    } catch (const error& failed) {
      say("error " + std::string(failed.code()) + " " + failed.what());
    } catch (const std::out_of_range&) {
      say("error ERR_RING_MISUSE '" + what + "' lacks an argument");
    }
  }
  // Without closing, and without the destructor that would say so: the process just ends.
  std::_Exit(0);
}

template <class Ring>
int open_and_serve(const std::string& role, waiting how) {
  Ring queue = Ring::open({3, 4, 5});
  if constexpr (std::is_same_v<Ring, message_ring>) {
    if (role == "producer") return serve(messages_in(queue.producer(how)));
  } else {
    if (role == "producer") return serve(queue.producer(how));
  }
  return serve(queue.consumer(how));
}

}  // namespace

int main(int argc, char** argv) {
  const strings args(argv + 1, argv + argc);
  const bool known = args.size() == 3 && (args[0] == "producer" || args[0] == "consumer") &&
                     (args[1] == "entries" || args[1] == "messages") &&
                     (args[2] == "spin" || args[2] == "adaptive" || args[2] == "sleep");
  if (!known) {
    std::fprintf(stderr, "usage: peer producer|consumer entries|messages spin|adaptive|sleep\n");
    return 2;
  }
  const waiting how = args[2] == "spin" ? waiting::spin : args[2] == "sleep" ? waiting::sleep : waiting::adaptive;
  try {
    return args[1] == "entries" ? open_and_serve<ring<std::uint64_t>>(args[0], how)
                                : open_and_serve<message_ring>(args[0], how);
  } catch (const error& refused) {
    say("error " + std::string(refused.code()) + " " + refused.what());
    return 1;
  }
}
