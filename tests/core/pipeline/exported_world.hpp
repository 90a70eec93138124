#pragma once

#include "pipeline/classify_workspace.hpp"
#include "pipeline/export_bundle.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"
#include "pipeline/train_models.hpp"
#include "synth/synth.hpp"

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace mulligan::tests
{

/// A small synthetic platform imported, classified and opened, with what an export needs.
struct ExportedWorld {
    QTemporaryDir folder;
    pipeline::Resources resources{MULLIGAN_SOURCE_DIR "/resources"};
    std::optional<store::Workspace> workspace;
    policy::Policy policy;
    policy::Economics economics;
    std::shared_ptr<const classify::Classifier> shipped;
    std::shared_ptr<const pipeline::ReplaySession> session;

    [[nodiscard]] std::string path(const char *name) const { return folder.filePath(name).toStdString(); }

    /// With `train`, models are trained; else class rates decide.
    base::Result<void> prepare(bool train)
    {
        base::Progress progress;
        synth::SynthOptions world;
        world.outDir = path("world");
        world.jobs = 60;
        world.days = 60;
        world.seed = 11;
        world.eventLogShare = 0.0;
        MULLIGAN_TRY(const auto made, synth::synthesize(world, {}, progress));
        MULLIGAN_TRY(workspace, store::Workspace::create(path("w.mulligan")));
        MULLIGAN_TRY(policy, pipeline::loadPolicy(resources));
        MULLIGAN_TRY(economics, pipeline::loadEconomics(resources));
        const std::vector<std::string> sources{path("world")};
        pipeline::ImportOptions options;
        options.economics = economics;
        MULLIGAN_TRY(const auto imported, pipeline::importSources(*workspace, sources, options, {}, progress));
        MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(resources));
        MULLIGAN_TRY(const auto classified, pipeline::classifyWorkspace(*workspace, *classifier, {}, progress));
        if (train) {
            pipeline::TrainRequest request;
            request.threads = 1;
            request.economics = economics;
            MULLIGAN_TRY(const auto card, pipeline::trainModels(*workspace, request, {}, progress));
        }
        return open();
    }

    base::Result<void> open()
    {
        base::Progress progress;
        MULLIGAN_TRY(auto space, pipeline::loadSpace(resources));
        MULLIGAN_TRY(shipped, pipeline::loadClassifier(resources));
        MULLIGAN_TRY(session,
                     pipeline::ReplaySession::open(*workspace, economics, std::move(space), shipped, {}, progress));
        return {};
    }

    base::Result<pipeline::ExportReport> exportTo(const char *name, pipeline::ExportOptions options = {})
    {
        base::Progress progress;
        options.out = path(name);
        options.replay.replicates = 0;
        return pipeline::exportBundle(*workspace, resources, *session, policy, economics, options, {}, progress);
    }
};

} // namespace mulligan::tests
