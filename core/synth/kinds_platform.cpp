#include "synth/kind.hpp"

namespace mulligan::synth
{

namespace
{

using model::Domain;

Kind burst(std::string_view id, std::string_view errorClass, Place place, double weight,
           std::vector<std::string_view> texts)
{
    return {id, errorClass, Domain::Platform, Origin::Burst, place, weight, 0.0, 0.3, 12.0, 1, std::move(texts)};
}

Kind single(std::string_view id, std::string_view errorClass, Place place, double weight,
            std::vector<std::string_view> texts)
{
    return {id, errorClass, Domain::Platform, Origin::Background, place, weight, 0.1, 0.9, 15.0, 1, std::move(texts)};
}

std::vector<Kind> serviceBursts()
{
    return {
        burst("storage_slow", "storage.throttled", Place::Task, 3.0,
              {"java.io.IOException: s3a://{bucket}/{name}/part-{task}: upload failed: com.amazonaws.services.s3.model."
               "AmazonS3Exception: Please reduce your request rate. (Service: Amazon S3; Status Code: 503; Error Code: "
               "SlowDown; Request ID: {hex})",
               "org.apache.hadoop.fs.s3a.AWSServiceThrottledException: listStatus on s3a://{bucket}/{name}: Slow Down "
               "(request {hex})\n\tat {pkg}.{Name}Reader.list({Name}Reader.scala:{line})"}),
        burst(
            "metastore_down", "catalog.unavailable", Place::Driver, 3.0,
            {"org.apache.hadoop.hive.ql.metadata.HiveException: MetaException(message:Could not connect to meta store "
             "using any of the URIs provided. Most recent failure: metastore-{few} did not answer)\n"
             "\tat org.apache.spark.sql.hive.HiveExternalCatalog.databaseExists(HiveExternalCatalog.scala:{line})",
             "{ts} WARN RetryingMetaStoreClient: MetaStoreClient lost connection. Attempting to reconnect ({few} of "
             "{n}) after 5s. getTable\n"
             "org.apache.thrift.transport.TTransportException: stream ended after {few} bytes\n"
             "\tat org.apache.hadoop.hive.metastore.api.ThriftHiveMetastore$Client.recv_get_table"}),
        burst("service_down", "service.unavailable", Place::Driver, 2.0,
              {"requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: "
               "http://{name}-gateway.internal/v2/slots (request {hex})",
               "io.grpc.StatusRuntimeException: UNAVAILABLE: upstream of {name}-gateway is draining, try later"}),
        burst(
            "safe_mode", "storage.safe_mode", Place::Driver, 1.0,
            {"org.apache.hadoop.ipc.RemoteException(org.apache.hadoop.hdfs.server.namenode.SafeModeException): Cannot "
             "create directory /warehouse/{name}/_temporary/{few}. Name node is in safe mode.\nThe reported blocks "
             "{bytes} needs additional {n} blocks to reach the threshold."}),
        burst("api_limit", "quota.rate_limit", Place::Driver, 1.5,
              {"requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: "
               "http://{name}-catalogue.internal/v1/lineage",
               "com.amazonaws.services.glue.model.AWSGlueException: Rate exceeded (Service: Glue; Status Code: 400; "
               "Error Code: ThrottlingException; Request ID: {hex})"}),
    };
}

std::vector<Kind> clusterBursts()
{
    return {
        burst("network_timeout", "network.timeout", Place::Task, 2.0,
              {"java.net.SocketTimeoutException: {few}0000 millis timeout while waiting for channel to be ready for "
               "read. ch : {host}:8020\n\tat {pkg}.{Name}Source.open({Name}Source.java:{line})",
               "org.apache.spark.rpc.RpcTimeoutException: Futures timed out after [120 seconds]. This timeout is "
               "controlled by spark.rpc.askTimeout\n\tat org.apache.spark.rpc.RpcTimeout.addMessageIfTimeout("
               "RpcTimeout.scala:{line})"}),
        burst("name_lookup", "network.dns", Place::Driver, 1.0,
              {"java.net.UnknownHostException: {name}-db.internal: Temporary failure in name resolution\n"
               "\tat java.base/java.net.Inet6AddressImpl.lookupAllHostAddr(Native Method)"}),
        burst("preemption_wave", "executor.preempted", Place::Executor, 2.5,
              {"ExecutorLostFailure (executor {exec} exited unrelated to the running tasks) Reason: Container "
               "container_e07_{tid}_01_{n} on host: {host} was preempted.",
               "{ts} ERROR TaskSchedulerImpl: Lost executor {exec} on {host}: Executor decommission: spot instance "
               "interruption notice for {host}"}),
        burst("no_capacity", "quota.capacity", Place::Driver, 1.5,
              {"{ts} WARN TaskSchedulerImpl: Initial job has not accepted any resources\n"
               "Warning  FailedScheduling  pod/{name}-exec-{exec}  0/{n} nodes are available: {n} Insufficient cpu.",
               "org.apache.hadoop.yarn.exceptions.YarnException: Queue root.{queue} already has {n} applications, "
               "cannot accept submission of application: {app}"}),
        burst("cloud_capacity", "quota.capacity", Place::Driver, 1.0,
              {"cluster resize failed: InsufficientInstanceCapacity: we have no r-large machines left in zone {few}b "
               "(request {hex})"}),
        burst("nodes_lost", "executor.lost", Place::Executor, 1.0,
              {"ExecutorLostFailure (executor {exec} exited unrelated to the running tasks) Reason: Container released "
               "on a *lost* node. Exit status: -100. Diagnostics: {host} stopped reporting."}),
    };
}

std::vector<Kind> shuffleAndExecutor()
{
    return {
        single("fetch_failed", "shuffle.fetch_failed", Place::Task, 3.0,
               {"org.apache.spark.shuffle.FetchFailedException: Failed to read shuffle output {few} of {host}:7337\n"
                "\tat org.apache.spark.storage.ShuffleBlockFetcherIterator.throwFetchFailedException("
                "ShuffleBlockFetcherIterator.scala:{line})",
                "org.apache.spark.shuffle.MetadataFetchFailedException: Missing an output location for shuffle {few} "
                "partition {task}\n\tat org.apache.spark.MapOutputTracker$.validateStatus("
                "MapOutputTracker.scala:{line})"}),
        single("corrupt_block", "shuffle.corrupt_block", Place::Task, 0.7,
               {"java.io.IOException: Stream is corrupted\n"
                "\tat net.jpountz.lz4.LZ4BlockInputStream.refill(LZ4BlockInputStream.java:{line})"}),
        single("executor_lost", "executor.lost", Place::Executor, 2.0,
               {"ExecutorLostFailure (executor {exec} exited caused by one of the running tasks) Reason: Remote RPC "
                "client disassociated. Likely due to containers exceeding thresholds, or network issues."}),
        single("heartbeat", "executor.heartbeat", Place::Executor, 1.2,
               {"ExecutorLostFailure (executor {exec} exited caused by one of the running tasks) Reason: Executor "
                "heartbeat timed out after {n}7120 ms"}),
        single("block_missing", "storage.block_missing", Place::Task, 0.8,
               {"org.apache.hadoop.hdfs.BlockMissingException: Could not obtain block: BP-{tid}:blk_{bytes} "
                "file=/warehouse/{name}/part-{task}\n\tat org.apache.hadoop.hdfs.DFSInputStream.refetchLocations("
                "DFSInputStream.java:{line})"}),
        single("disk_full", "storage.disk_full", Place::Task, 1.0,
               {"java.io.IOException: No space left on device\n\tat java.base/java.io.FileOutputStream.writeBytes("
                "Native Method)\n\tat org.apache.spark.shuffle.sort.BypassMergeSortShuffleWriter.write("
                "BypassMergeSortShuffleWriter.java:{line})"}),
        single("crash", "process.signal", Place::Executor, 0.5,
               {"# A fatal error has been detected by the Java Runtime Environment:\n#  SIGSEGV (0xb) at "
                "pc=0x{hex}, pid={tid}, tid={n}\n# Problematic frame: C [libnative-{name}.so+0x{n}f]"}),
    };
}

std::vector<Kind> connectionsAndScheduler()
{
    return {
        single(
            "reset", "network.reset", Place::Task, 1.5,
            {"java.io.IOException: Connection reset by peer\n\tat java.base/sun.nio.ch.SocketDispatcher.read0(Native "
             "Method)\n\tat {pkg}.{Name}Client.fetch({Name}Client.java:{line})"}),
        single("refused", "network.refused", Place::Driver, 1.0,
               {"java.net.ConnectException: Call From {host} to {name}-nn:8020 failed on connection exception: "
                "java.net.ConnectException: Connection refused"}),
        single("pool", "network.pool_exhausted", Place::Driver, 0.7,
               {"com.amazonaws.SdkClientException: Unable to execute HTTP request: Timeout waiting for connection from "
                "pool\n\tat {pkg}.{Name}Sink.commit({Name}Sink.scala:{line})"}),
        single("port", "network.port_in_use", Place::Driver, 0.4,
               {"java.net.BindException: Address already in use: Service 'SparkUI' failed after 16 retries (starting "
                "from {n}40)! Consider explicitly setting the appropriate port."}),
        single("token", "access.kerberos", Place::Task, 0.4,
               {"org.apache.hadoop.security.token.SecretManager$InvalidToken: token (HDFS_DELEGATION_TOKEN token {tid} "
                "for {user}) can't be found in cache"}),
        single("commit_conflict", "conflict.commit", Place::Driver, 1.0,
               {"io.delta.exceptions.ConcurrentAppendException: Files were added to partition [day={few}] of {table} "
                "by a concurrent update. Please try the operation again.",
                "org.apache.iceberg.exceptions.CommitFailedException: Cannot commit: stale metadata of {table} "
                "(version {n})"}),
        single("lock", "conflict.lock", Place::Driver, 0.8,
               {"java.sql.BatchUpdateException: Deadlock found when trying to get lock; try restarting transaction "
                "(table {table}, row batch {n})"}),
        single("zombie", "scheduler.zombie", Place::Driver, 0.8,
               {"[{ts}] ERROR - Detected zombie job: task {name}.load of run {run} stopped heartbeating on {host}"}),
        single("lost_contact", "scheduler.lost_contact", Place::Driver, 0.8,
               {"{ts} ERROR scheduler: executor reports task instance {name}.load finished although the task says it "
                "is running. Was the task killed externally?"}),
        single("launch", "process.launch_failed", Place::Driver, 0.8,
               {"Exception from container-launch.\nContainer id: container_e07_{tid}_01_{n}\nShell exit code of the "
                "launcher on {host}: 35"}),
    };
}

std::vector<Kind> joined(std::vector<Kind> first, const std::vector<Kind> &second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

std::span<const Kind> burstKinds()
{
    static const std::vector<Kind> kinds = joined(serviceBursts(), clusterBursts());
    return kinds;
}

std::span<const Kind> backgroundKinds()
{
    static const std::vector<Kind> kinds = joined(shuffleAndExecutor(), connectionsAndScheduler());
    return kinds;
}

} // namespace mulligan::synth
