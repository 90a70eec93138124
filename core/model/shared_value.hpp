#pragma once

#include <memory>
#include <utility>

namespace mulligan::model
{

/// A value that copies share until one of them is edited: for what is large, mostly equal, and copied often. Reads as a
/// `const T`; without a value it reads as a default one. As thread-safe as a `shared_ptr`.
template <typename T> class SharedValue
{
public:
    SharedValue() = default;
    SharedValue(T value) : m_value(std::make_shared<T>(std::move(value))) {} // NOLINT: reads as what it holds

    [[nodiscard]] const T &operator*() const { return m_value ? *m_value : none(); }
    [[nodiscard]] const T *operator->() const { return &**this; }
    operator const T &() const { return **this; } // NOLINT: as above
    /// This one's own to write to, until the next copy is made of it.
    [[nodiscard]] T &edit()
    {
        if (!m_value)
            m_value = std::make_shared<T>();
        else if (m_value.use_count() > 1)
            m_value = std::make_shared<T>(*m_value);
        return *m_value;
    }
    [[nodiscard]] bool sharesWith(const SharedValue &other) const { return m_value == other.m_value; }

    [[nodiscard]] bool operator==(const SharedValue &other) const { return sharesWith(other) || **this == *other; }

private:
    static const T &none()
    {
        static const T value;
        return value;
    }

    std::shared_ptr<T> m_value;
};

} // namespace mulligan::model
