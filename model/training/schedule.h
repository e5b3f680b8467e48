#pragma once

#include "model/core/json.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace layerscope::training {

/// A learning rate that depends on the step count alone: Keras's LearningRateSchedule.
class Schedule
{
public:
    /// One rate for all steps.
    explicit Schedule(double constant = 0);

    /// A number, or {"class_name", "config"} of any of Keras's schedules.
    /// Errors  Unsupported, with the class name
    static Result<Schedule> fromConfig(const Json& learningRate);

    bool isConstant() const { return m_isConstant; }

    /// The rate of the step that comes after `step` steps, in float32 arithmetic as Keras has it.
    double at(std::int64_t step) const { return m_rate(step); }

private:
    std::function<double(std::int64_t)> m_rate;
    bool m_isConstant = true;
};

std::vector<std::string> scheduleNames();

} // namespace layerscope::training
