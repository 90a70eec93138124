#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace mulligan::formats
{

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. Not for several threads at once.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;

    void update(std::string_view bytes);
    /// 64 lower-case hexadecimal digits over everything so far; more may be added afterwards.
    [[nodiscard]] std::string hexDigest() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256Hex(std::string_view bytes);

} // namespace mulligan::formats
