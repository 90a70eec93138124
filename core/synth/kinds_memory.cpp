#include "synth/kind.hpp"

#include <algorithm>
#include <cassert>

namespace mulligan::synth
{

namespace
{

using model::Domain;

Kind memory(std::string_view id, std::string_view errorClass, Place place, double low, double high, int exitCode,
            std::vector<std::string_view> texts)
{
    return {id, errorClass, Domain::User, Origin::Memory, place, 1.0, low, high, 30.0, exitCode, std::move(texts)};
}

std::vector<Kind> heapKinds()
{
    return {
        memory(
            "executor_heap", "memory_config.executor_heap", Place::Task, 0.12, 0.6, 1,
            {"org.apache.spark.SparkException: Job aborted due to stage failure: Task {task} in stage {stage}.0 "
             "failed 4 times, most recent failure: Lost task {task}.3 in stage {stage}.0 (TID {tid}) ({host} executor "
             "{exec}): java.lang.OutOfMemoryError: Java heap space\n"
             "\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)\n"
             "\tat org.apache.spark.unsafe.types.UTF8String.concatWs(UTF8String.java:1148)\n"
             "\tat {pkg}.{Name}Aggregator.merge({Name}Aggregator.scala:{line})\n"
             "\tat org.apache.spark.scheduler.Task.run(Task.scala:141)\n\nDriver stacktrace:",
             "{ts} ERROR Executor: Exception in task {task}.0 in stage {stage}.0 (TID {tid})\n"
             "java.lang.OutOfMemoryError: GC overhead limit exceeded\n"
             "\tat scala.collection.mutable.HashMap.createNewEntry(HashMap.scala:165)\n"
             "\tat {pkg}.{Name}Window.collectRows({Name}Window.scala:{line})\n"
             "{ts} ERROR SparkUncaughtExceptionHandler: Uncaught exception in thread Thread[Executor task launch "
             "worker for task {task}.0 in stage {stage}.0 (TID {tid}),5,main]",
             "org.apache.spark.memory.SparkOutOfMemoryError: Unable to acquire {bytes} bytes of memory, got {few}\n"
             "\tat org.apache.spark.memory.MemoryConsumer.throwOom(MemoryConsumer.java:157)\n"
             "\tat org.apache.spark.util.collection.unsafe.sort.UnsafeExternalSorter.growPointerArrayIfNecessary("
             "UnsafeExternalSorter.java:{line})\n"
             "\tat {pkg}.{Name}Job$.run({Name}Job.scala:{line})",
             "ExecutorLostFailure (executor {exec} exited caused by one of the running tasks) Reason: The executor "
             "with id {exec} exited with exit code 52(JVM OOM).\n"
             "{ts} WARN TaskSetManager: Lost task {task}.2 in stage {stage}.0 (TID {tid}) ({host} executor {exec})"}),
        memory(
            "driver_heap", "memory_config.driver_heap", Place::Driver, 0.3, 0.9, 1,
            {"Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n"
             "\tat java.base/java.util.ArrayList.grow(ArrayList.java:240)\n"
             "\tat org.apache.spark.sql.Dataset.collectAsList(Dataset.scala:3028)\n"
             "\tat {pkg}.{Name}Driver$.main({Name}Driver.scala:{line})",
             "{ts} ERROR ApplicationMaster: User class threw exception: java.lang.OutOfMemoryError: GC overhead limit "
             "exceeded\njava.lang.OutOfMemoryError: GC overhead limit exceeded\n"
             "\tat {pkg}.{Name}Report.buildIndex({Name}Report.scala:{line})",
             "Traceback (most recent call last):\n  File \"{name}.py\", line {line}, in main\n"
             "    rows = frame.toPandas()\n"
             "py4j.protocol.Py4JJavaError: An error occurred while calling o{tid}.collectToPython.\n"
             ": java.lang.OutOfMemoryError: Java heap space\n"
             "\tat org.apache.spark.sql.execution.SparkPlan.executeCollect(SparkPlan.scala:{line})"}),
    };
}

std::vector<Kind> overheadKinds()
{
    return {
        memory("container_yarn", "memory_config.container_limit", Place::Executor, 0.15, 0.8, 143,
               {"ExecutorLostFailure (executor {exec} exited caused by one of the running tasks) Reason: Container "
                "killed by YARN for exceeding physical memory limits. {used} of {limit} physical memory used. Consider "
                "boosting spark.executor.memoryOverhead.",
                "{ts} WARN YarnAllocator: Container container_e07_{app}_01_{tid} on host: {host} was killed\n"
                "Diagnostics: [Container [pid={tid},containerID=container_e07_{tid}] is running beyond physical memory "
                "limits. Current usage: {used} of {limit} physical memory used; {used} of 31.5 GB virtual memory used. "
                "Killing container.]"}),
        memory(
            "container_pod", "memory_config.container_limit", Place::Executor, 0.15, 0.8, 137,
            {"ExecutorLostFailure (executor {exec} exited caused by one of the running tasks) Reason: \nThe executor "
             "with id {exec} exited with exit code 137(SIGKILL, possible container OOM).\n\nThe API gave the "
             "following container statuses:\n\tcontainer name: spark-kubernetes-executor\n\tcontainer state: "
             "terminated\n\ttermination reason: OOMKilled",
             "{ts} ERROR ExecutorPodsLifecycleManager: pod {name}-exec-{exec} on {host} finished\n"
             "\tcontainer state: terminated, termination reason: OOMKilled, limit {limit}"}),
        memory(
            "off_heap", "memory_config.off_heap", Place::Task, 0.15, 0.7, 1,
            {"org.apache.spark.SparkException: Job aborted due to stage failure: Task {task} in stage {stage}.0 "
             "failed 4 times, most recent failure: Lost task {task}.3 in stage {stage}.0 (TID {tid}) ({host} executor "
             "{exec}): java.lang.OutOfMemoryError: Direct buffer memory\n"
             "\tat java.base/java.nio.Bits.reserveMemory(Bits.java:175)\n"
             "\tat {pkg}.{Name}Codec.allocate({Name}Codec.java:{line})",
             "io.netty.util.internal.OutOfDirectMemoryError: failed to allocate {bytes} byte(s) of direct memory "
             "(used: {bytes2}, max: {bytes2})\n"
             "\tat io.netty.util.internal.PlatformDependent.incrementMemoryCounter(PlatformDependent.java:{line})"}),
        memory("python_memory", "memory_config.off_heap", Place::Task, 0.2, 0.7, 1,
               {"Traceback (most recent call last):\n  File \"{name}_features.py\", line {line}, in pivot\n"
                "    grid = numpy.zeros((rows, columns))\n"
                "numpy.core._exceptions._ArrayMemoryError: Unable to allocate {used2} for an array with shape ({n}, "
                "{tid}) and data type float64"}),
        memory("metaspace", "memory_config.metaspace", Place::Task, 0.05, 0.3, 1,
               {"java.lang.OutOfMemoryError: Metaspace\n"
                "\tat java.base/java.lang.ClassLoader.defineClass1(Native Method)\n"
                "\tat org.codehaus.janino.ByteArrayClassLoader.findClass(ByteArrayClassLoader.java:{line})\n"
                "\tat {pkg}.{Name}Templates.compile({Name}Templates.java:{line})"}),
    };
}

std::vector<Kind> driverLimitKinds()
{
    return {
        memory(
            "result_size", "memory_config.result_size", Place::Driver, 0.4, 0.95, 1,
            {"org.apache.spark.SparkException: Job aborted due to stage failure: Total size of serialized results of "
             "{n} tasks ({used2}) is bigger than spark.driver.maxResultSize ({limit2})\n"
             "\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:{line})\n"
             "\tat {pkg}.{Name}Export.collectAll({Name}Export.scala:{line})",
             "{ts} ERROR TaskSetManager: Total size of serialized results of {n} tasks ({used2}) is bigger than "
             "spark.driver.maxResultSize ({limit2})"}),
        memory(
            "broadcast", "memory_config.broadcast", Place::Driver, 0.1, 0.5, 1,
            {"org.apache.spark.SparkException: Not enough memory to build and broadcast the table to all worker "
             "nodes. As a workaround, you can either disable broadcast by setting "
             "spark.sql.autoBroadcastJoinThreshold to -1 or increase the spark driver memory.\n"
             "\tat org.apache.spark.sql.execution.exchange.BroadcastExchangeExec.$anonfun$relationFuture$1("
             "BroadcastExchangeExec.scala:{line})",
             "org.apache.spark.SparkException: Could not execute broadcast in 300 secs. You can increase the timeout "
             "for broadcasts via spark.sql.broadcastTimeout or disable broadcast join.\n"
             "\tat {pkg}.{Name}Join.enrich({Name}Join.scala:{line})"}),
        memory("kryo", "memory_config.serializer_buffer", Place::Task, 0.2, 0.7, 1,
               {"org.apache.spark.SparkException: Kryo serialization failed: Buffer overflow. Available: 0, required: "
                "{bytes}. To avoid this, increase spark.kryoserializer.buffer.max value.\n"
                "\tat org.apache.spark.serializer.KryoSerializerInstance.serialize(KryoSerializer.scala:{line})",
                "com.esotericsoftware.kryo.KryoException: Buffer overflow. Available: {few}, required: {bytes}\n"
                "Serialization trace:\nsegments ({pkg}.{Name}Profile)"}),
    };
}

std::vector<Kind> all()
{
    std::vector<Kind> kinds = heapKinds();
    for (const auto &more : {overheadKinds(), driverLimitKinds()})
        kinds.insert(kinds.end(), more.begin(), more.end());
    return kinds;
}

} // namespace

std::span<const Kind> memoryKinds()
{
    static const std::vector<Kind> kinds = all();
    return kinds;
}

const Kind &memoryKind(std::string_view id)
{
    const auto kinds = memoryKinds();
    const auto it = std::find_if(kinds.begin(), kinds.end(), [&](const Kind &kind) { return kind.id == id; });
    assert(it != kinds.end());
    return *it;
}

} // namespace mulligan::synth
