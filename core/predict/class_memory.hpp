#pragma once

#include "predict/context.hpp"
#include "predict/resources.hpp"

#include <string_view>

namespace mulligan::predict
{

/// Bytes of the memory that ran out in a failure of `errorClass`, as a configuration provides it: the executor's heap,
/// the driver's, a Python worker's … Where the class does not name one, the executor's whole container. 0 outside
/// memory_config, and for memory that no property looked at provides (a graphics processor's).
[[nodiscard]] double classMemory(std::string_view errorClass, const Resources &resources);

/// Bytes that the failure showed to be needed at least, of the same memory: what its text names, else the peak that was
/// observed, else the job's earlier peak (heap). 0: nothing is known of it.
[[nodiscard]] double observedNeed(const RetryContext &context);

} // namespace mulligan::predict
