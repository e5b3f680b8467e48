#pragma once

#include "model/analysis/doctor.h"
#include "views/doctor_view.h"

namespace layerscope::app {

/// A diagnosis in the user's language, as the doctor's view shows it. A remedy that the window
/// cannot carry out has no button.
views::DoctorReport doctorReport(const analysis::Diagnosis& diagnosis);

/// Words of the button; empty where there is none.
QString remedyText(const analysis::RemedyAction& action);

} // namespace layerscope::app
