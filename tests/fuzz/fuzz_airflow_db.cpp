#include "collect_rows.hpp"

#include "sqlite/connection.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

namespace
{

/// A sound database of two tries, which the input then damages.
std::vector<std::uint8_t> soundDatabase()
{
    const std::string path = "/dev/shm/mulligan-fuzz-sound-" + std::to_string(::getpid());
    ::unlink(path.c_str());
    auto database = mulligan::sqlite::Connection::open(path, mulligan::sqlite::Access::Create);
    if (!database)
        std::abort();
    const std::string columns = "(dag_id, task_id, run_id, map_index, try_number, max_tries, state, start_date, "
                                "end_date)";
    const std::string sql = "PRAGMA page_size = 512; CREATE TABLE task_instance" + columns
                            + "; CREATE TABLE task_fail(dag_id, task_id, run_id, start_date, end_date);"
                              "CREATE TABLE rendered_task_instance_fields(dag_id, task_id, run_id, rendered_fields);"
                              "INSERT INTO task_instance VALUES('d', 't', 'r', -1, 2, 1, 'success', '2024-05-01 "
                              "10:10:00', '2024-05-01 10:11:00');"
                              "INSERT INTO task_fail VALUES('d', 't', 'r', '2024-05-01 10:00:00', '2024-05-01 "
                              "10:01:00');"
                              "INSERT INTO rendered_task_instance_fields VALUES('d', 't', 'r', '{\"conf\":{"
                              "\"spark.x\":\"1\"}}');";
    if (!database->run(sql))
        std::abort();
    database = mulligan::base::makeError(mulligan::base::ErrorCode::Internal, "closed");
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    ::unlink(path.c_str());
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::readBytes(data, size, mulligan::ingest::Format::Airflow);
    // Few inputs are databases of their own accord: the input is also taken as bytes to change in a sound one, three
    // bytes a change (place, place, value).
    static const std::vector<std::uint8_t> sound = soundDatabase();
    std::vector<std::uint8_t> damaged = sound;
    for (std::size_t i = 0; i + 2 < size; i += 3)
        damaged[(data[i] * 256u + data[i + 1]) % damaged.size()] = data[i + 2];
    fuzz::readBytes(damaged.data(), damaged.size(), mulligan::ingest::Format::Airflow);
    return 0;
}
