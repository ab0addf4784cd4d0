#pragma once

namespace preflint::testing {

#if defined(__has_feature)
#define PREFLINT_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PREFLINT_SANITIZED 1
#else
#define PREFLINT_SANITIZED 0
#endif

/// How many times as long things may take in this build: a sanitizer looks at each access.
constexpr double kSlower = PREFLINT_SANITIZED ? 20 : 1;

}  // namespace preflint::testing
