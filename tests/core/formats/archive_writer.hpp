#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

/// Writes archives and compressed files for tests, hostile ones too.
namespace archive_test
{

struct Entry {
    std::string name;
    std::string content = {};
    unsigned type = AE_IFREG;
    std::string target = {}; ///< of a symbolic link, or with `hard` of a hard one
    bool hard = false;
};

enum class Shape { Tar, Zip, SevenZip };

inline la_ssize_t append(archive *, void *out, const void *bytes, size_t size)
{
    static_cast<std::string *>(out)->append(static_cast<const char *>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

inline void check(archive *handle, bool ok)
{
    if (ok)
        return;
    std::fprintf(stderr, "cannot write a test archive: %s\n", archive_error_string(handle));
    std::abort();
}

inline void writeEntry(archive *handle, const Entry &entry)
{
    archive_entry *header = archive_entry_new();
    archive_entry_set_pathname(header, entry.name.c_str());
    archive_entry_set_perm(header, 0644);
    archive_entry_set_mtime(header, 1'700'000'000, 0);
    archive_entry_set_filetype(header, entry.type);
    archive_entry_set_size(header, static_cast<la_int64_t>(entry.content.size()));
    if (entry.hard)
        archive_entry_set_hardlink(header, entry.target.c_str());
    else if (entry.type == AE_IFLNK)
        archive_entry_set_symlink(header, entry.target.c_str());
    check(handle, archive_write_header(handle, header) >= ARCHIVE_WARN);
    if (!entry.content.empty())
        check(handle, archive_write_data(handle, entry.content.data(), entry.content.size())
                          == static_cast<la_ssize_t>(entry.content.size()));
    archive_entry_free(header);
}

/// An archive of the entries; `options` as libarchive takes them ("zip:compression=store").
inline std::string makeArchive(Shape shape, const std::vector<Entry> &entries, const std::string &options = {})
{
    std::string out;
    archive *handle = archive_write_new();
    switch (shape) {
    case Shape::Tar: archive_write_set_format_pax_restricted(handle); break;
    case Shape::Zip: archive_write_set_format_zip(handle); break;
    case Shape::SevenZip: archive_write_set_format_7zip(handle); break;
    }
    archive_write_set_bytes_in_last_block(handle, 1);
    if (!options.empty())
        check(handle, archive_write_set_options(handle, options.c_str()) == ARCHIVE_OK);
    check(handle, archive_write_open(handle, &out, nullptr, append, nullptr) == ARCHIVE_OK);
    for (const Entry &entry : entries)
        writeEntry(handle, entry);
    check(handle, archive_write_close(handle) == ARCHIVE_OK);
    archive_write_free(handle);
    return out;
}

/// The bytes compressed by one codec (ARCHIVE_FILTER_GZIP, _XZ, _BZIP2, _LZ4, _ZSTD).
inline std::string compressed(const std::string &bytes, int filter)
{
    std::string out;
    archive *handle = archive_write_new();
    archive_write_set_format_raw(handle);
    check(handle, archive_write_add_filter(handle, filter) == ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(handle, 1);
    check(handle, archive_write_open(handle, &out, nullptr, append, nullptr) == ARCHIVE_OK);
    writeEntry(handle, {"content", bytes});
    check(handle, archive_write_close(handle) == ARCHIVE_OK);
    archive_write_free(handle);
    return out;
}

/// One tar header by hand: any name of up to 100 bytes, and any size, whatever follows.
inline std::string tarHeader(const std::string &name, std::uint64_t size, char type = '0')
{
    std::string block(512, '\0');
    block.replace(0, std::min<std::size_t>(100, name.size()), name.substr(0, 100));
    block.replace(100, 8, std::string("0000644\0", 8));
    block.replace(108, 8, std::string("0000000\0", 8));
    block.replace(116, 8, std::string("0000000\0", 8));
    for (int i = 0; i < 12; ++i)
        block[static_cast<std::size_t>(135 - i)] = static_cast<char>('0' + ((size >> (3 * i)) & 7));
    block.replace(136, 12, std::string("00000000000\0", 12));
    block[156] = type;
    block.replace(257, 8, std::string("ustar\00000", 8));
    block.replace(148, 8, "        ");
    unsigned sum = 0;
    for (const char c : block)
        sum += static_cast<unsigned char>(c);
    for (int i = 0; i < 6; ++i)
        block[static_cast<std::size_t>(153 - i)] = static_cast<char>('0' + ((sum >> (3 * i)) & 7));
    block[154] = '\0';
    return block;
}

} // namespace archive_test
