#include "ingest/unpacked_folder.hpp"

namespace mulligan::ingest
{

base::Result<std::shared_ptr<UnpackedFolder>> UnpackedFolder::create(std::shared_ptr<UnpackCount> count)
{
    MULLIGAN_TRY(auto folder, TemporaryFolder::create("archive"));
    return std::make_shared<UnpackedFolder>(std::move(folder), std::move(count));
}

} // namespace mulligan::ingest
