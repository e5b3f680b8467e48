#include "app/cli/command.h"
#include "app/cli/open_options.h"
#include "app/cli/save.h"
#include "views/network_picture.h"

#include <QGuiApplication>
#include <QSaveFile>

#include <array>

namespace layerscope::cli {

namespace {

constexpr std::array renderOptions = {
    Option{ "--view", "VIEW", "histograms, loss or summary" },
    Option{ "--out", "PICTURE", "an .svg, .pdf or .png" },
};

using Subject = std::pair<std::string_view, views::PictureSubject>;
constexpr std::array subjects = {
    Subject{ "histograms", views::PictureSubject::Histograms },
    Subject{ "loss", views::PictureSubject::Loss },
    Subject{ "summary", views::PictureSubject::Summary },
};

using Suffix = std::pair<std::string_view, views::ExportFormat>;
constexpr std::array suffixes = {
    Suffix{ ".svg", views::ExportFormat::Svg },
    Suffix{ ".pdf", views::ExportFormat::Pdf },
    Suffix{ ".png", views::ExportFormat::Png },
};

Result<views::PictureSubject> readSubject(const std::string& name)
{
    for (const auto& [known, subject] : subjects)
        if (known == name)
            return subject;
    if (name == "architecture" || name == "surface")
        return wrongUsage("this version cannot draw the view '" + name
            + "' yet; it draws histograms, loss and summary");
    return wrongUsage("there is no view '" + name + "'; there are histograms, loss and summary");
}

Result<views::ExportFormat> readFormat(const std::string& path)
{
    for (const auto& [suffix, format] : suffixes)
        if (path.ends_with(suffix))
            return format;
    return wrongUsage("the picture's name must end in .svg, .pdf or .png, not as '" + path + "'");
}

Result<void> writePicture(const std::string& path, const QByteArray& picture)
{
    QSaveFile file(QString::fromStdString(path)); // renamed into place when complete
    if (!file.open(QIODevice::WriteOnly) || file.write(picture) != picture.size() || !file.commit())
        return Error(ErrorKind::NotWritable,
            "the picture cannot be written: " + file.errorString().toStdString())
            .in(path);
    return {};
}

Result<ExitStatus> runRender(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    const auto view = arguments.value("--view");
    const auto out = arguments.value("--out");
    if (!view || !out)
        return wrongUsage("render needs --view VIEW and --out PICTURE");
    TRY(const auto subject, readSubject(*view));
    TRY(const auto format, readFormat(*out));
    TRY(const auto network, openModel(invocation, arguments.file()));
    // Fonts need an application, pictures need no display: the plug-in for none is always used.
    std::array words
        = { std::string("layerscope"), std::string("-platform"), std::string("offscreen") };
    std::array argv
        = { words[0].data(), words[1].data(), words[2].data(), static_cast<char*>(nullptr) };
    int argc = static_cast<int>(words.size());
    const QGuiApplication application(argc, argv.data());
    auto picture = views::drawNetwork(network, subject, format, invocation.job());
    if (!picture)
        return ofFile(std::move(picture)).error();
    TRY_DO(writePicture(*out, *picture));
    return ExitStatus::Done;
}

} // namespace

extern const Command renderCommand;
const Command renderCommand{
    { "render", "IN", 1, 1, "draws the model into a picture", renderOptions },
    runRender,
};

} // namespace layerscope::cli
