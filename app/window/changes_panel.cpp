#include "app/window/changes_panel.h"

#include "app/session/run_job.h"
#include "views/model_words.h"
#include "views/text_table_item_model.h"

#include <QHeaderView>
#include <QLabel>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace layerscope::app {

namespace {

constexpr int mostShown = 5000; // a model with more places than anybody reads
constexpr int tableLines = 9;

QString jsonText(const Json& value)
{
    return value.is_null() ? QString(QChar(0x2013)) : QString::fromStdString(dumpStrictJson(value));
}

} // namespace

ChangesPanel::ChangesPanel(QWidget* parent)
    : QWidget(parent)
    , m_title(new QToolButton(this))
    , m_remarks(new QLabel(this))
    , m_table(new QTreeView(this))
    , m_items(new views::TextTableItemModel(this))
{
    setObjectName(QStringLiteral("save_changes"));
    m_title->setCheckable(true);
    m_title->setAutoRaise(true);
    m_title->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_title->setObjectName(QStringLiteral("save_changes_title"));
    m_remarks->setWordWrap(true);
    m_table->setModel(m_items);
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    m_table->setAccessibleName(tr("What changes"));
    m_table->setMinimumHeight(fontMetrics().height() * tableLines);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_remarks);
    connect(m_title, &QToolButton::toggled, this, &ChangesPanel::fold);
    fold(false);
    hide();
}

void ChangesPanel::fold(bool open)
{
    m_title->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_table->setVisible(open);
    if (QWidget* dialog = window(); dialog != this && dialog->isVisible())
        dialog->adjustSize();
}

void ChangesPanel::setTarget(const NetworkPointer& network, const QString& format)
{
    m_obstacle.clear();
    const int request = ++m_request;
    using Shared = std::shared_ptr<const Result<crossing::Crossed>>;
    QFuture<Shared> future = QtConcurrent::run([network, name = format.toStdString()]() -> Shared {
        auto crossed = crossing::cross(*network, name);
        if (crossed)
            crossed->network = Network(); // only what is said about it is shown
        return std::make_shared<const Result<crossing::Crossed>>(std::move(crossed));
    });
    whenFinished(future, this, [this, request](const Shared& crossed) {
        if (request == m_request)
            showCrossed(*crossed);
    });
}

void ChangesPanel::showCrossed(const Result<crossing::Crossed>& crossed)
{
    QList<views::TextTableItemModel::Row> rows;
    QStringList remarks;
    qsizetype count = 0;
    if (crossed) {
        count = static_cast<qsizetype>(crossed->changes.size());
        for (const crossing::Change& change : crossed->changes) {
            if (rows.size() == mostShown)
                break;
            const QString where = QString::fromStdString(change.where);
            const QString before = jsonText(change.before);
            const QString after = jsonText(change.after);
            rows.append({ { where, before, after },
                where + QLatin1Char('\n') + before + QLatin1Char('\n') + after });
        }
        for (const std::string& remark : crossed->remarks)
            remarks.append(views::inWords(remark));
    } else {
        m_obstacle = views::inWords(crossed.error());
    }
    m_items->setContent({ tr("Where"), tr("Now"), tr("Then") }, rows);
    m_title->setText(tr("What changes: %n place(s)", nullptr, static_cast<int>(count)));
    m_title->setVisible(count > 0);
    m_table->setVisible(count > 0 && m_title->isChecked());
    constexpr int firstColumnShare = 18; // characters
    m_table->setColumnWidth(0, fontMetrics().averageCharWidth() * 2 * firstColumnShare);
    m_table->setColumnWidth(1, fontMetrics().averageCharWidth() * firstColumnShare);
    m_remarks->setText(remarks.join(QLatin1Char('\n')));
    m_remarks->setVisible(!remarks.isEmpty());
    setVisible(count > 0 || !remarks.isEmpty());
    if (QWidget* dialog = window(); dialog->isVisible())
        dialog->adjustSize();
    emit finished();
}

} // namespace layerscope::app
