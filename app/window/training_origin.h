#pragma once

#include "app/session/training_run.h"
#include "model/network/network.h"
#include "views/training_view.h"

namespace layerscope::app {

/// What a network brings along for training, as the form wants to know it.
views::TrainingOrigin trainingOriginOf(const Network& network);

/// Whether training would truly continue, in one sentence.
views::ResumeCheck resumeCheckOf(const Network& network);

/// What the form says, as the trainer wants it. What equals the file's is left to the file.
TrainingPlan trainingPlanOf(const views::TrainingSettings& settings, const Network& network);

} // namespace layerscope::app
