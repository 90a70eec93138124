#pragma once

#include "classify/classifier.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace mulligan::pipeline
{

/// Matching needs working memory that is dear to make, and learns while it is used; it is lent out, so that threads do
/// not wait for each other, and at most as many are made as work at once. Thread-safe.
class ScratchPool
{
public:
    /// The classifier must live as long as the pool.
    explicit ScratchPool(const classify::Classifier &classifier) : m_classifier(classifier) {}

    template <typename Work> auto with(Work work)
    {
        text::Scratch scratch = take();
        auto result = work(scratch);
        const std::lock_guard lock(m_mutex);
        m_idle.push_back(std::move(scratch));
        return result;
    }

private:
    text::Scratch take()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_idle.empty()) {
                text::Scratch scratch = std::move(m_idle.back());
                m_idle.pop_back();
                return scratch;
            }
        }
        return m_classifier.makeScratch();
    }

    const classify::Classifier &m_classifier;
    std::mutex m_mutex;
    std::vector<text::Scratch> m_idle;
};

} // namespace mulligan::pipeline
