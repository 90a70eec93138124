#include "predict/class_memory.hpp"

#include "model/verdict.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mulligan::predict
{

namespace
{

enum class Memory {
    Container,
    ExecutorHeap,
    OffHeap,
    PythonWorker,
    DriverHeap,
    ResultSize,
    SerializerBuffer,
    Elsewhere ///< no property that is looked at provides it: a graphics processor's
};

Memory memoryOf(std::string_view errorClass)
{
    static constexpr std::array<std::pair<std::string_view, Memory>, 8> kMemories{
        {{"memory_config.executor_heap", Memory::ExecutorHeap},
         {"memory_config.off_heap", Memory::OffHeap},
         {"memory_config.python_worker", Memory::PythonWorker},
         {"memory_config.driver_heap", Memory::DriverHeap},
         {"memory_config.broadcast", Memory::DriverHeap},
         {"memory_config.result_size", Memory::ResultSize},
         {"memory_config.serializer_buffer", Memory::SerializerBuffer},
         {"memory_config.gpu", Memory::Elsewhere}}};
    const auto *const it =
        std::find_if(kMemories.begin(), kMemories.end(), [&](const auto &m) { return m.first == errorClass; });
    return it == kMemories.end() ? Memory::Container : it->second;
}

/// A container without a limit of its own for Python workers holds them in its overhead.
double pythonMemory(const Resources &resources)
{
    return resources[Knob::PysparkMemory] > 0.0 ? resources[Knob::PysparkMemory] : resources[Knob::ExecutorOverhead];
}

/// The pool of Spark's own where one is set, else the limit of direct memory, else the overhead both live in.
double offHeapMemory(const Resources &resources)
{
    for (const Knob knob : {Knob::OffHeap, Knob::DirectMemory})
        if (resources[knob] > 0.0)
            return resources[knob];
    return resources[Knob::ExecutorOverhead];
}

double observed(const model::Metrics &metrics, std::string_view metric)
{
    const auto it = metrics.find(std::string(metric));
    return it == metrics.end() ? 0.0 : std::max(0.0, it->second);
}

double captured(const RetryContext &context, const char *name)
{
    const auto it = context.captures.find(name);
    return it == context.captures.end() ? 0.0 : std::max(0.0, it->second);
}

} // namespace

double classMemory(std::string_view errorClass, const Resources &resources)
{
    if (model::groupOf(errorClass) != model::kMemoryGroup)
        return 0.0;
    switch (memoryOf(errorClass)) {
    case Memory::ExecutorHeap: return resources[Knob::ExecutorMemory];
    case Memory::OffHeap: return offHeapMemory(resources);
    case Memory::PythonWorker: return pythonMemory(resources);
    case Memory::DriverHeap: return resources[Knob::DriverMemory];
    case Memory::ResultSize: return resources[Knob::MaxResultSize];
    case Memory::SerializerBuffer: return resources[Knob::KryoBuffer];
    // A larger container would look like more of it, and the trend of the other kinds would promise success.
    case Memory::Elsewhere: return 0.0;
    case Memory::Container: break;
    }
    return resources.executorContainer();
}

double observedNeed(const RetryContext &context)
{
    if (model::groupOf(context.errorClass) != model::kMemoryGroup)
        return 0.0;
    switch (memoryOf(context.errorClass)) {
    case Memory::ExecutorHeap: {
        const double peak = observed(context.metrics, model::metric::kPeakHeapBytes);
        return peak > 0.0 ? peak : std::max(0.0, context.jobPast.peakHeapBytes);
    }
    case Memory::OffHeap: {
        const double used = captured(context, "used"); // beside it stood what was asked for
        return used > 0.0 ? used + captured(context, "size")
                          : observed(context.metrics, model::metric::kPeakOffHeapBytes);
    }
    case Memory::DriverHeap: return observed(context.metrics, model::metric::kPeakDriverHeapBytes);
    case Memory::ResultSize: return captured(context, "size");
    // What Kryo calls required is the next piece, not the object; and no peak of Python's own is observed.
    case Memory::SerializerBuffer:
    case Memory::PythonWorker: return 0.0;
    case Memory::Elsewhere: return 0.0; // what it needs cannot be held against anything provided
    case Memory::Container: break;
    }
    const double used = captured(context, "used");
    return used > 0.0 ? used : observed(context.metrics, model::metric::kPeakRssBytes);
}

} // namespace mulligan::predict
