#include "classify/classifier.hpp"
#include "classify/lint.hpp"
#include "classify/rule_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace mulligan;

/// Any bytes as a rule file: read, or refused with an error; what was read is written, read back equal, compiled and
/// tried.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    auto pack = classify::packFromText(text, "fuzz.yaml");
    if (!pack) {
        if (pack.error().message.empty())
            std::abort();
        return 0;
    }
    const std::string written = classify::writePack(*pack);
    const auto back = classify::packFromText(written, "fuzz.yaml");
    if (!back || classify::writePack(*back) != written)
        std::abort();
    (void)classify::lintPack(*pack);
    classify::ClassifierOptions options;
    options.stepBudget = 20'000;
    const auto classifier = classify::Classifier::make(std::move(pack).value(), options);
    if (!classifier)
        std::abort(); // the reader has tried every pattern
    text::Scratch scratch = (*classifier)->makeScratch();
    classify::Subject subject;
    subject.text = text;
    (void)(*classifier)->classify(subject, scratch);
    return 0;
}
