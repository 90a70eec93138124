#include "collect_rows.hpp"

#include "ingest/airflow.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    (void)mulligan::ingest::looksLikeAirflow(text.substr(0, text.find('\n')), text);
    fuzz::readBytes(data, size, mulligan::ingest::Format::Airflow);
    // A log that says which try it is, so that what follows becomes an attempt; and a dump's header.
    static const std::string openings[] = {
        "[2024-05-01T10:00:00.000+0000] {taskinstance.py:1} INFO - Dependencies all met for ti=<TaskInstance: d.t r "
        "[queued]>\n[2024-05-01T10:00:01.000+0000] {taskinstance.py:1} INFO - Starting attempt 1 of 2\n",
        "{\"timestamp\":\"2024-05-01T10:00:00Z\",\"event\":\"x\",\"dag_id\":\"d\",\"task_id\":\"t\",\"run_id\":\"r\","
        "\"try_number\":1,\"logger\":\"task\"}\n",
        "dag_id,task_id,run_id,map_index,try_number,max_tries,state,start_date,end_date,duration,queue\n"};
    for (const std::string &opening : openings) {
        std::vector<std::uint8_t> whole(opening.begin(), opening.end());
        whole.insert(whole.end(), data, data + size);
        fuzz::readBytes(whole.data(), whole.size(), mulligan::ingest::Format::Airflow);
    }
    return 0;
}
