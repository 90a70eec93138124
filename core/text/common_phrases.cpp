#include "text/common_phrases.hpp"

#include <array>

namespace mulligan::text
{

std::span<const std::string_view> commonPhrases()
{
    static constexpr std::array<std::string_view, 31> kPhrases = {
        "\tat org.apache.spark.sql.execution.",
        "\tat scala.collection.Iterator",
        "\tat java.base/java.util.concurrent.",
        "MemoryStore: Block broadcast_",
        "org.apache.spark.scheduler.",
        "org.apache.spark.rdd.RDD",
        "org.apache.spark.SparkException: ",
        "org.apache.hadoop.hdfs.",
        "java.util.concurrent.ThreadPoolExecutor",
        "java.lang.RuntimeException: ",
        "java.io.IOException: ",
        "Caused by: java.",
        "Exception in thread \"main\" ",
        "java.lang.OutOfMemoryError: ",
        " INFO SparkContext: ",
        " stored as values in memory (estimated size ",
        "TaskSetManager: Finished task 0.0 in stage ",
        " WARN ",
        " ERROR TaskSetManager: Task ",
        " in stage 0.0 failed 4 times",
        " (TID ",
        " executor ",
        "Job aborted due to stage failure: ",
        " does not exist",
        " not found",
        "exit code ",
        "exit status ",
        "Error: ",
        "ValueError: ",
        "NoClassDefFoundError: ",
        "error: ",
    };
    return kPhrases;
}

} // namespace mulligan::text
