using Microsoft.Extensions.DependencyInjection;
using Plenary.Agenda;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

public static class SelectionServices
{
    public static IServiceCollection AddSelection(this IServiceCollection services)
    {
        services.AddSingleton<SelectionTable>();
        services.AddScoped<ISelections, ReadSelections>();
        services.AddScoped<OfferWriter>();
        services.AddScoped<ProposeSelection>();
        services.AddScoped<PreviewSelection>();
        services.AddScoped<DraftNotices>();
        services.AddScoped<ApproveSelection>();
        services.AddScoped<MakeOffers>();
        services.AddScoped<AnswerOffer>();
        services.AddScoped<ExpireOffer>();
        services.AddScoped<PromoteAlternate>();
        services.AddScoped<TellParticipants>();
        services.AddScoped<FillPlace>();
        services.AddScoped<AppointReviewer>();
        services.AddScoped<DismissReviewer>();
        services.AddScoped<ReadReview>();
        services.AddScoped<SaveScore>();
        services.AddScoped<IComposeMail, SelectionMails>();
        services.AddScoped<IComposeMail, ReviewMails>();
        services.AddScoped<IRemind, OfferReminders>();
        services.AddScoped<IRemind, StartReminders>();
        services.AddScoped<IProjectPanel, SelectionPanel>();
        services.AddScoped<IProjectSection, BalanceSection>();
        services.AddStore(SelectionTable.Name);
        services.AddContainer(SelectionTable.Container);
        return services;
    }
}
